using System.Collections.Concurrent;
using Daybook.Projections;

namespace Daybook.Testing.Tests.Scenarios;

// The domain that the scenarios run: purses that hold an amount.
[EventType("purse.opened")]
public sealed record Opened(string Currency);

[EventType("purse.deposited")]
public sealed record Deposited(int Amount);

[EventType("purse.withdrawn")]
public sealed record Withdrawn(int Amount);

public sealed record Purse(string Currency, int Amount)
{
    public static Purse Create(Opened e) => new(e.Currency, 0);

    public Purse Apply(Deposited e) => this with { Amount = Amount + e.Amount };

    public Purse Apply(Withdrawn e) => this with { Amount = Amount - e.Amount };
}

public sealed record Deposit(string Purse, int Amount);

public sealed record Transfer(string From, string To, int Amount);

public sealed record Share(string From, IReadOnlyList<string> To, int Each);

public static class PurseHandlers
{
    public static Decision Handle(Deposit c, Purse purse) => c.Amount switch
    {
        0 => Decision.Nothing,
        < 0 => throw new InvalidOperationException("negative"),
        _ => Decision.Emit(new Deposited(c.Amount)),
    };

    public static Decision Handle(Transfer c, Purse from, Purse to) =>
        from.Amount < c.Amount
            ? Decision.Reject("insufficient-funds")
            : Decision.Emit(c.From, new Withdrawn(c.Amount)).And(c.To, new Deposited(c.Amount));

    public static Decision Handle(Share c, Purse from, IReadOnlyDictionary<string, Purse> to) =>
        to.Keys.Aggregate(Decision.Emit(c.From, new Withdrawn(c.Each * to.Count)), (decision, key) => decision.And(key, new Deposited(c.Each)));
}

/// <summary>Not pure: remembers commands by itself, so what was decided and then lost is not decided again.</summary>
public static class ForgetfulHandlers
{
    private static readonly ConcurrentDictionary<CommandId, bool> Seen = new();

    public static Decision Handle(Deposit c, Purse purse, CommandContext context) =>
        Seen.TryAdd(context.CommandId, true) ? Decision.Emit(new Deposited(c.Amount)) : Decision.Nothing;
}

/// <summary>Not pure: counts its calls, so what was decided and then lost is decided differently the next time.</summary>
public static class CountingHandlers
{
    private static readonly ConcurrentDictionary<CommandId, int> Calls = new();

    public static Decision Handle(Deposit c, Purse purse, CommandContext context)
    {
        var decision = Decision.Nothing;
        for (var calls = Calls.AddOrUpdate(context.CommandId, 1, (_, n) => n + 1); calls > 0; calls--)
            decision = decision.And(new Deposited(c.Amount));
        return decision;
    }
}

public sealed record Total(int Deposits, int Amount);

[Projection("totals")]
public sealed class Totals : IDocumentProjection<Total>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) =>
        projected.Body is Deposited ? ["all", projected.Recorded.Stream.Value] : [];

    public Total? Apply(string key, Total? document, ProjectedEvent projected)
    {
        var (deposits, amount) = document ?? new Total(0, 0);
        var deposited = ((Deposited)projected.Body).Amount;
        return deposited < 0 ? throw new InvalidOperationException("negative") : new Total(deposits + 1, amount + deposited);
    }
}

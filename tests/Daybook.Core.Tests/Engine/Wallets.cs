namespace Daybook.Core.Tests.Engine;

// The domain that the engine's tests run: wallets that hold an amount.
public sealed record WalletId(string Value);

[EventType("test.opened")]
public sealed record Opened(int Limit);

[EventType("test.changed")]
public sealed record Changed(int By);

[Aggregate("wallet")]
public sealed record Wallet(int Amount, int Limit)
{
    public static Wallet Create(Opened e) => new(0, e.Limit);

    public Wallet Apply(Changed e) => this with { Amount = checked(Amount + e.By) };
}

public sealed record Open(string Wallet, int Limit);

public sealed record Change(string Wallet, int By);

public sealed record Move(string From, string To, int Amount);

public sealed record Spread(string From, IReadOnlyList<string> To, int Each);

public sealed record Explode(string Wallet, string How);

/// <summary>Of a class of the user's own, whose members fail too.</summary>
public sealed class UnreadableException : Exception
{
    public override string Message => throw new InvalidOperationException("no message");
}

public static class WalletHandlers
{
    public static Decision Handle(Open c, Wallet? wallet) =>
        wallet is null ? Decision.Emit(new Opened(c.Limit)) : Decision.Reject("already-open");

    public static Decision Handle(Change c, Wallet wallet) =>
        wallet.Amount + c.By < 0 ? Decision.Reject("insufficient", $"{wallet.Amount} is less than {-c.By}.") : Decision.Emit(new Changed(c.By));

    public static Decision Handle(Move c, Wallet from, Wallet to) =>
        from.Amount < c.Amount || to.Amount + c.Amount > to.Limit
            ? Decision.Reject("insufficient")
            : Decision.Emit(c.From, new Changed(-c.Amount)).And(c.To, new Changed(c.Amount));

    public static Decision Handle(Spread c, Wallet from, IReadOnlyDictionary<string, Wallet?> to)
    {
        var decision = Decision.Emit(c.From, new Changed(-c.Each * to.Count));
        foreach (var (id, wallet) in to)
        {
            if (wallet is null)
                decision = decision.And(id, new Opened(int.MaxValue));
            decision = decision.And(id, new Changed(c.Each));
        }
        return from.Amount < c.Each * to.Count ? Decision.Reject("insufficient") : decision;
    }

    public static Decision Handle(Explode c, Wallet? wallet) => c.How switch
    {
        "throw" => throw new InvalidOperationException("boom"),
        "unreadable" => throw new UnreadableException(),
        "null" => null!,
        "null-event" => Decision.Emit(null!),
        "unknown-event" => Decision.Emit(new object()),
        "unknown-key" => Decision.Emit("nobody", new Changed(1)),
        "fold" => Decision.Emit(new Changed(int.MaxValue)).And(new Changed(int.MaxValue)),
        _ => Decision.Reject(wallet is null ? "absent" : "present"),
    };
}

using System.Text.Json.Serialization;

namespace Daybook.Benchmarks.Scenarios;

[EventType("bench.opened.v1")]
public sealed record Opened(long Balance);

[EventType("bench.changed.v1")]
public sealed record Changed(long Amount);

[Aggregate("account")]
public sealed record Account(long Balance)
{
    public static Account Create(Opened e) => new(e.Balance);

    public Account Apply(Changed e) => new(Balance + e.Amount);
}

public sealed record OpenAccount(string Account, long Balance);

public sealed record Deposit(string Account, long Amount);

public sealed record Transfer(string From, string To, long Amount);

public static class AccountHandlers
{
    public static Decision Handle(OpenAccount c, Account? account) =>
        account is null ? Decision.Emit(new Opened(c.Balance)) : Decision.Reject("already-open");

    public static Decision Handle(Deposit c, Account account) =>
        account.Balance + c.Amount < 0 ? Decision.Reject("insufficient-funds") : Decision.Emit(new Changed(c.Amount));

    public static Decision Handle(Transfer c, Account from, Account to) =>
        from.Balance < c.Amount || to is null
            ? Decision.Reject("insufficient-funds")
            : Decision.Emit(c.From, new Changed(-c.Amount)).And(c.To, new Changed(c.Amount));
}

[JsonSerializable(typeof(Opened))]
[JsonSerializable(typeof(Changed))]
[JsonSerializable(typeof(Account))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;

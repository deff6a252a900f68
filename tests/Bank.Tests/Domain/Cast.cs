using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Tests.Domain;

/// <summary>The cast of these tests.</summary>
internal static class Cast
{
    public static readonly Currency Eur = new("EUR");
    public static readonly Currency Usd = new("USD");
    public static readonly AccountId Alice = new("alice");
    public static readonly AccountId Bob = new("bob");

    /// <summary>An account that holds these amounts.</summary>
    public static Account Holding(AccountId id, params Money[] money)
    {
        var account = Account.Create(new Opened(id, [.. money.Select(m => m.Currency)]));
        return money.Aggregate(account, (a, m) => a.Apply(new Deposited(m.Currency, m.Amount)));
    }
}

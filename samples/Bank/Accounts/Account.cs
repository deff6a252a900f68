using System.Collections.Immutable;
using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>The state of an account: its balance in each of its currencies.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Balances">Exact balances, one for each currency that the account holds.</param>
[Aggregate("account")]
public sealed record Account(AccountId Id, ImmutableDictionary<Currency, decimal> Balances)
{
    /// <summary>The first event.</summary>
    public static Account Create(Opened e) => new(e.Account, e.Currencies.ToImmutableDictionary(c => c, _ => 0m));

    /// <summary>Money came in.</summary>
    public Account Apply(Deposited e) => Plus(new Money(e.Amount, e.Currency));

    /// <summary>Money went out.</summary>
    public Account Apply(Withdrawn e) => Plus(new Money(-e.Amount, e.Currency));

    /// <summary>Money went to another account.</summary>
    public Account Apply(TransferSent e) => Plus(new Money(-e.Amount, e.Currency));

    /// <summary>Money came from another account.</summary>
    public Account Apply(TransferReceived e) => Plus(new Money(e.Amount, e.Currency));

    /// <summary>A journal entry; it adds the currencies that the account did not hold yet.</summary>
    public Account Apply(Posted e) => e.Amounts.Aggregate(this, (account, money) => account.Plus(money));

    /// <summary>Whether the amounts can be added, one after another, without losing a digit.</summary>
    public bool HasRoomFor(params IEnumerable<Money> amounts)
    {
        var balances = Balances;
        foreach (var money in amounts)
        {
            if (!ExactDecimal.TryAdd(balances.GetValueOrDefault(money.Currency), money.Amount, out var sum))
                return false;
            balances = balances.SetItem(money.Currency, sum);
        }
        return true;
    }

    private Account Plus(Money money) => this with
    {
        Balances = Balances.SetItem(money.Currency, ExactDecimal.Add(Balances.GetValueOrDefault(money.Currency), money.Amount)),
    };
}

using Bank.Accounts;
using Bank.Amounts;
using Bank.Entries;

namespace Bank.ReadModels;

/// <summary>What an event of an account adds to its balances.</summary>
internal static class Movements
{
    /// <summary>Whether an event represents its whole movement: each command that moves money has exactly one such event.</summary>
    public static bool IsFirstOf(object body) => body is Deposited or Withdrawn or TransferSent or EntryRecorded;

    /// <summary>The amounts in order; zeros for the currencies of a new account, none for events that move nothing.</summary>
    public static IEnumerable<Money> Of(object body) => body switch
    {
        Opened e => e.Currencies.Select(currency => new Money(0m, currency)),
        Deposited e => [new Money(e.Amount, e.Currency)],
        Withdrawn e => [new Money(-e.Amount, e.Currency)],
        TransferSent e => [new Money(-e.Amount, e.Currency)],
        TransferReceived e => [new Money(e.Amount, e.Currency)],
        Posted e => e.Amounts,
        _ => [],
    };
}

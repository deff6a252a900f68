using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>Moves money between two accounts, atomically.</summary>
public sealed record Transfer(AccountId From, AccountId To, Currency Currency, decimal Amount);

/// <summary>Decides <see cref="Transfer"/>: a command that names two aggregates is one transaction.</summary>
public static class TransferHandler
{
    /// <summary>Refused as <c>invalid-amount</c>, <c>unknown-currency</c>, <c>insufficient-funds</c> or <c>amount-overflow</c>.</summary>
    public static Decision Handle(Transfer command, Account from, Account to) =>
        Rules.AmountIsPositive(command.Amount)
        ?? Rules.Holds(from, command.Currency)
        ?? Rules.Holds(to, command.Currency)
        ?? Rules.Covers(from, new Money(command.Amount, command.Currency))
        ?? Rules.HasRoomFor(from, new Money(-command.Amount, command.Currency))
        ?? Rules.HasRoomFor(to, new Money(command.Amount, command.Currency))
        ?? Decision.Emit(command.From, new TransferSent(command.To, command.Currency, command.Amount))
            .And(command.To, new TransferReceived(command.From, command.Currency, command.Amount));
}

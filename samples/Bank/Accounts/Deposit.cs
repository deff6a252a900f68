using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>Brings money into the bank.</summary>
public sealed record Deposit(AccountId Account, Currency Currency, decimal Amount);

/// <summary>Decides <see cref="Deposit"/>.</summary>
public static class DepositHandler
{
    /// <summary>Refused as <c>invalid-amount</c>, <c>unknown-currency</c> or <c>amount-overflow</c>.</summary>
    public static Decision Handle(Deposit command, Account account) =>
        Rules.AmountIsPositive(command.Amount)
        ?? Rules.Holds(account, command.Currency)
        ?? Rules.HasRoomFor(account, new Money(command.Amount, command.Currency))
        ?? Decision.Emit(new Deposited(command.Currency, command.Amount));
}

using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>Withdraws money from the bank; it never overdraws an account.</summary>
public sealed record Withdraw(AccountId Account, Currency Currency, decimal Amount);

/// <summary>Decides <see cref="Withdraw"/>.</summary>
public static class WithdrawHandler
{
    /// <summary>Refused as <c>invalid-amount</c>, <c>unknown-currency</c>, <c>insufficient-funds</c> or <c>amount-overflow</c>.</summary>
    public static Decision Handle(Withdraw command, Account account) =>
        Rules.AmountIsPositive(command.Amount)
        ?? Rules.Holds(account, command.Currency)
        ?? Rules.Covers(account, new Money(command.Amount, command.Currency))
        ?? Rules.HasRoomFor(account, new Money(-command.Amount, command.Currency))
        ?? Decision.Emit(new Withdrawn(command.Currency, command.Amount));
}

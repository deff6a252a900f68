using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>The rules that several commands share. Each returns the refusal, or null when the rule is kept.</summary>
internal static class Rules
{
    public static Decision? AmountIsPositive(decimal amount) => amount > 0
        ? null
        : Decision.Reject("invalid-amount", $"The amount must be greater than zero; it was {ExactDecimal.Text(amount)}.");

    public static Decision? Holds(Account account, Currency currency) => account.Balances.ContainsKey(currency)
        ? null
        : Decision.Reject("unknown-currency", $"Account '{account.Id}' does not hold the currency '{currency}'.");

    public static Decision? Covers(Account account, Money money)
    {
        var balance = account.Balances[money.Currency];
        return balance >= money.Amount
            ? null
            : Decision.Reject("insufficient-funds",
                $"Account '{account.Id}' holds {new Money(balance, money.Currency)}, less than {money}.");
    }

    public static Decision? HasRoomFor(Account account, params IEnumerable<Money> amounts) => account.HasRoomFor(amounts)
        ? null
        : Decision.Reject("amount-overflow", $"The new balance of account '{account.Id}' would not fit in an exact decimal.");
}

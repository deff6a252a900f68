using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Entries;

/// <summary>One line of a journal entry: so much is added to the account; a negative amount is taken from it.</summary>
public sealed record Leg(AccountId Account, decimal Amount, Currency Currency)
{
    /// <summary>What is added.</summary>
    internal Money Money => new(Amount, Currency);
}

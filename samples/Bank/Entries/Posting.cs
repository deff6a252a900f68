using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Entries;

/// <summary>One line of a journal entry: the amount is added to the account; a negative amount is taken from it.</summary>
public readonly record struct Posting(AccountId Account, decimal Amount, Currency Currency)
{
    /// <summary>The name of a list of postings in JSON; stored events and clients of the API have had it since the first version.</summary>
    internal const string JsonName = "legs";

    /// <summary>The amount added.</summary>
    internal Money Money => new(Amount, Currency);
}

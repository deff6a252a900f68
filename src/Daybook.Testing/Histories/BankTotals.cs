namespace Daybook.Testing.Histories;

/// <summary>
/// The oldest check of a bank: transfers move money, they do not make it, so every read of all accounts sums to the same total.
/// </summary>
public static class BankTotals
{
    /// <summary>The completed reads whose balances do not sum to <paramref name="total"/>, in order of invocation.</summary>
    /// <param name="history">What the clients saw.</param>
    /// <param name="total">The sum of all balances, the same at any time.</param>
    /// <param name="balances">The balances that an operation read in one transaction, or null if it was not such a read.</param>
    public static IReadOnlyList<Operation<TCall, TReturn>> WrongReads<TCall, TReturn>(
        History<TCall, TReturn> history, decimal total, Func<Operation<TCall, TReturn>, IEnumerable<decimal>?> balances)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(balances);
        return [.. history.Operations.Where(o => o.Completion == Completion.Ok && balances(o) is { } read && read.Sum() != total)];
    }
}

using Bank.Amounts;
using Daybook;

namespace Bank.Entries;

/// <summary>The sums of an entry's postings in each currency.</summary>
public static class Residuals
{
    /// <summary>The sum in each currency the postings name, zeros included, in the order in which the currencies first appear.</summary>
    /// <exception cref="OverflowException">A sum does not fit in an exact decimal.</exception>
    public static IReadOnlyList<Money> Of(IEnumerable<Posting> postings) =>
        [.. postings.GroupBy(posting => posting.Currency).Select(g => new Money(g.Select(posting => posting.Amount).Aggregate(ExactDecimal.Add), g.Key))];

    /// <summary>Refuses postings that do not sum to zero in each currency; null when they do.</summary>
    internal static Decision? Refusal(IEnumerable<Posting> postings)
    {
        try
        {
            var left = Of(postings).Where(money => money.Amount != 0).ToArray();
            return left.Length == 0
                ? null
                : Decision.Reject("unbalanced", $"The postings do not sum to zero: {string.Join(", ", left)} left over.");
        }
        catch (OverflowException e)
        {
            return Decision.Reject("amount-overflow", e.Message);
        }
    }
}

using Daybook.Projections;

namespace Daybook.Postgres.Verifying;

/// <summary>A row that is not what it should be.</summary>
/// <param name="Key">The row's key; several columns as a JSON array.</param>
/// <param name="Stored">What is stored; null when there is no row.</param>
/// <param name="Folded">What the events make; null when they leave no row.</param>
internal sealed record RowDifference(string Key, string? Stored, string? Folded);

/// <summary>Walks through two runs of rows in the order of their keys.</summary>
internal static class RowComparison
{
    /// <summary>Finds the first difference.</summary>
    /// <returns>Null when there is none; and how many keys were compared.</returns>
    internal static async Task<(RowDifference? First, long Keys)> CompareAsync(
        IAsyncEnumerable<(string Key, string Value)> stored, IAsyncEnumerable<(string Key, string Value)> folded, CancellationToken cancellationToken)
    {
        await using var left = stored.GetAsyncEnumerator(cancellationToken);
        await using var right = folded.GetAsyncEnumerator(cancellationToken);
        var (hasLeft, hasRight) = (await left.MoveNextAsync().ConfigureAwait(false), await right.MoveNextAsync().ConfigureAwait(false));
        for (var keys = 0L; ; keys++)
        {
            if (!hasLeft && !hasRight)
                return (null, keys);
            var order = !hasLeft ? 1 : !hasRight ? -1 : CodePointOrder.Instance.Compare(left.Current.Key, right.Current.Key);
            if (order < 0)
                return (new RowDifference(left.Current.Key, left.Current.Value, null), keys + 1);
            if (order > 0)
                return (new RowDifference(right.Current.Key, null, right.Current.Value), keys + 1);
            if (left.Current.Value != right.Current.Value)
                return (new RowDifference(left.Current.Key, left.Current.Value, right.Current.Value), keys + 1);
            (hasLeft, hasRight) = (await left.MoveNextAsync().ConfigureAwait(false), await right.MoveNextAsync().ConfigureAwait(false));
        }
    }
}

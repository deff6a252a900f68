using Daybook.Projections;

namespace Daybook.Postgres.Verifying;

/// <summary>A row that differs from what its events produce.</summary>
/// <param name="Key">The row's key; several columns as a JSON array.</param>
/// <param name="Stored">What is stored; null when there is no row.</param>
/// <param name="Folded">What the events produce; null when they leave no row.</param>
internal sealed record RowDifference(string Key, string? Stored, string? Folded);

/// <summary>Merges two sequences of rows in key order.</summary>
internal static class RowComparison
{
    /// <summary>Finds the first difference.</summary>
    /// <returns>The difference, or null when there is none; and the number of keys compared.</returns>
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

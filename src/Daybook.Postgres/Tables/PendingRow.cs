namespace Daybook.Postgres.Tables;

/// <summary>
/// The pending change of a row. It stands for several changes where applying it equals applying all of them in order. A change that cannot
/// be merged into it is written after it, in the next round.
/// </summary>
internal sealed class PendingRow(IReadOnlyList<TableColumn> columns, RowKey key, int round, RowChangeKind kind, object?[] values, RecordedEvent by)
{
    internal RowKey Key => key;

    /// <summary>From 0; a row has one change in each round.</summary>
    internal int Round => round;

    internal RowChangeKind Kind { get; private set; } = kind;

    internal object?[] Values { get; private set; } = values;

    /// <summary>Whether it stands for several additions to a row that is unknown here.</summary>
    internal bool IsMerged { get; private set; }

    /// <summary>The last event that changed it, which a failed write is attributed to.</summary>
    internal RecordedEvent ChangedBy { get; private set; } = by;

    /// <summary>Merges another change, or leaves it to the next round.</summary>
    /// <exception cref="OverflowException">A sum is beyond the range of its type.</exception>
    internal bool TryChange(RowChangeKind kind, object?[] values, RecordedEvent by)
    {
        // The stored row may make an addition fail, so no later change may replace it.
        if (Kind == RowChangeKind.Add && (kind != RowChangeKind.Add || !TryMerge(ref values)))
            return false;
        if (Kind == RowChangeKind.Set && kind == RowChangeKind.Add)
            values = [.. columns.Select((c, i) => c.IsKey ? Values[i] : c.Sum(Values[i], values[i]))];
        // The row was set or deleted in this batch, so the result of the addition is known here.
        Kind = kind == RowChangeKind.Add && Kind != RowChangeKind.Add ? RowChangeKind.Set : kind;
        (Values, ChangedBy) = (values, by);
        return true;
    }

    private bool TryMerge(ref object?[] values)
    {
        var merged = (object?[])values.Clone();
        for (var i = 0; i < columns.Count; i++)
        {
            if (!columns[i].IsKey && !columns[i].TryMerge(Values[i], values[i], out merged[i]))
                return false;
        }
        (values, IsMerged) = (merged, true);
        return true;
    }
}

/// <summary>The key values of a row.</summary>
internal readonly struct RowKey(object[] values) : IEquatable<RowKey>, IComparable<RowKey>
{
    private readonly object[] _values = values;

    public bool Equals(RowKey other) => _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _values)
            hash.Add(value);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _values.Select(v => FormattableString.Invariant($"{v}")));

    /// <summary>An arbitrary order that is the same on every node.</summary>
    public int CompareTo(RowKey other)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            var order = _values[i] is string text ? string.CompareOrdinal(text, (string)other._values[i]) : Comparer<object>.Default.Compare(_values[i], other._values[i]);
            if (order != 0)
                return order;
        }
        return 0;
    }
}

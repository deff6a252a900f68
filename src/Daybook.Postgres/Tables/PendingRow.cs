namespace Daybook.Postgres.Tables;

/// <summary>What the events so far make of a row: one change that stands for all of them.</summary>
internal sealed class PendingRow(IReadOnlyList<TableColumn> columns, object?[] values)
{
    internal RowChangeKind Kind { get; private set; } = RowChangeKind.Delete;

    internal object?[] Values { get; private set; } = values;

    /// <summary>The last event that changed it: the one to blame when it cannot be written.</summary>
    internal RecordedEvent? ChangedBy { get; private set; }

    internal void Change(RowChangeKind kind, object?[] values, RecordedEvent by)
    {
        if (kind == RowChangeKind.Add && ChangedBy is not null && Kind != RowChangeKind.Delete)
        {
            for (var i = 0; i < columns.Count; i++)
                values[i] = columns[i].IsKey ? values[i] : columns[i].Sum(Values[i], values[i]);
            (Values, ChangedBy) = (values, by);
            return;
        }
        // What is added to a row that was deleted just now finds none: the row is as given.
        var isAfterDelete = kind == RowChangeKind.Add && ChangedBy is not null;
        (Kind, Values, ChangedBy) = (isAfterDelete ? RowChangeKind.Set : kind, values, by);
    }
}

/// <summary>The values of a row's key.</summary>
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

    /// <summary>Some order, the same everywhere.</summary>
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

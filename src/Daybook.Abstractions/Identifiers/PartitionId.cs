namespace Daybook;

/// <summary>One of the fixed number of partitions on which streams are hashed; from 0.</summary>
/// <param name="Value">The ordinal of the partition.</param>
public readonly record struct PartitionId(int Value) : IComparable<PartitionId>
{
    /// <summary>Orders by ordinal; transactions lock partitions in this order.</summary>
    public int CompareTo(PartitionId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Orders by ordinal.</summary>
    public static bool operator <(PartitionId left, PartitionId right) => left.Value < right.Value;

    /// <summary>Orders by ordinal.</summary>
    public static bool operator >(PartitionId left, PartitionId right) => left.Value > right.Value;

    /// <summary>Orders by ordinal.</summary>
    public static bool operator <=(PartitionId left, PartitionId right) => left.Value <= right.Value;

    /// <summary>Orders by ordinal.</summary>
    public static bool operator >=(PartitionId left, PartitionId right) => left.Value >= right.Value;
}

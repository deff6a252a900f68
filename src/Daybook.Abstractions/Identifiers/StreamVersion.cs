namespace Daybook;

/// <summary>
/// How many events a stream holds, and the ordinal of an event in it: the first event has version 1, a stream without events version 0.
/// </summary>
/// <param name="Value">The count of events; never negative.</param>
public readonly record struct StreamVersion(long Value) : IComparable<StreamVersion>
{
    /// <summary>The version of a stream that has no events.</summary>
    public static StreamVersion None => default;

    /// <summary>Orders by count.</summary>
    public int CompareTo(StreamVersion other) => Value.CompareTo(other.Value);

    /// <summary>The version <paramref name="count"/> events later.</summary>
    public StreamVersion Plus(long count) => new(Value + count);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Orders by count.</summary>
    public static bool operator <(StreamVersion left, StreamVersion right) => left.Value < right.Value;

    /// <summary>Orders by count.</summary>
    public static bool operator >(StreamVersion left, StreamVersion right) => left.Value > right.Value;

    /// <summary>Orders by count.</summary>
    public static bool operator <=(StreamVersion left, StreamVersion right) => left.Value <= right.Value;

    /// <summary>Orders by count.</summary>
    public static bool operator >=(StreamVersion left, StreamVersion right) => left.Value >= right.Value;
}

using System.Globalization;

namespace Daybook.Testing.Histories;

/// <summary>A place in the order of a history's events. Only the order means something, not the distance.</summary>
/// <param name="Tick">The number of events before this one.</param>
public readonly record struct LogicalTime(long Tick) : IComparable<LogicalTime>
{
    /// <summary>After every event: the completion of an operation whose outcome is unknown.</summary>
    public static readonly LogicalTime Never = new(long.MaxValue);

    /// <inheritdoc />
    public int CompareTo(LogicalTime other) => Tick.CompareTo(other.Tick);

    /// <summary>Whether <paramref name="left"/> came first.</summary>
    public static bool operator <(LogicalTime left, LogicalTime right) => left.Tick < right.Tick;

    /// <summary>Whether <paramref name="left"/> came last.</summary>
    public static bool operator >(LogicalTime left, LogicalTime right) => left.Tick > right.Tick;

    /// <summary>Whether <paramref name="left"/> did not come last.</summary>
    public static bool operator <=(LogicalTime left, LogicalTime right) => left.Tick <= right.Tick;

    /// <summary>Whether <paramref name="left"/> did not come first.</summary>
    public static bool operator >=(LogicalTime left, LogicalTime right) => left.Tick >= right.Tick;

    /// <inheritdoc />
    public override string ToString() => this == Never ? "never" : Tick.ToString(CultureInfo.InvariantCulture);
}

namespace Daybook;

/// <summary>The ordinal of an entry in its ledger; entries are dense from 0.</summary>
/// <param name="Value">From 0; −1 stands for "before the first".</param>
public readonly record struct EntryId(long Value) : IComparable<EntryId>
{
    /// <summary>The id before the first entry: what an empty ledger reports as its last.</summary>
    public static EntryId None => new(-1);

    /// <summary>The id that follows.</summary>
    public EntryId Next => new(Value + 1);

    /// <summary>Orders by position in the ledger.</summary>
    public int CompareTo(EntryId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Orders by position.</summary>
    public static bool operator <(EntryId left, EntryId right) => left.Value < right.Value;

    /// <summary>Orders by position.</summary>
    public static bool operator >(EntryId left, EntryId right) => left.Value > right.Value;

    /// <summary>Orders by position.</summary>
    public static bool operator <=(EntryId left, EntryId right) => left.Value <= right.Value;

    /// <summary>Orders by position.</summary>
    public static bool operator >=(EntryId left, EntryId right) => left.Value >= right.Value;
}

namespace Daybook;

/// <summary>The ordinal of a record in a journal; dense from 0, so a reader can never skip one unnoticed (invariant J1).</summary>
/// <param name="Value">From 0.</param>
public readonly record struct JournalOffset(long Value) : IComparable<JournalOffset>
{
    /// <summary>The offset <paramref name="count"/> records later.</summary>
    public JournalOffset Plus(long count) => new(Value + count);

    /// <summary>Orders by position in the journal.</summary>
    public int CompareTo(JournalOffset other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Orders by position.</summary>
    public static bool operator <(JournalOffset left, JournalOffset right) => left.Value < right.Value;

    /// <summary>Orders by position.</summary>
    public static bool operator >(JournalOffset left, JournalOffset right) => left.Value > right.Value;

    /// <summary>Orders by position.</summary>
    public static bool operator <=(JournalOffset left, JournalOffset right) => left.Value <= right.Value;

    /// <summary>Orders by position.</summary>
    public static bool operator >=(JournalOffset left, JournalOffset right) => left.Value >= right.Value;
}

namespace Daybook;

/// <summary>
/// The fencing token of an owner. A later owner always has a higher one; it stands in every journal entry and every checkpoint, so
/// what an earlier owner still sends is recognised and refused (invariant F1 to F3).
/// </summary>
/// <param name="Value">Counts up from 1; 0 means that nobody has owned the thing yet.</param>
public readonly record struct Epoch(long Value) : IComparable<Epoch>
{
    /// <summary>The epoch of the next owner.</summary>
    public Epoch Next => new(Value + 1);

    /// <summary>Orders by age.</summary>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Orders by age.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Orders by age.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Orders by age.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Orders by age.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;
}

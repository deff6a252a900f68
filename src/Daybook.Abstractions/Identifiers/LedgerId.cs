namespace Daybook;

/// <summary>The name a ledger store gave to a ledger; never used twice in one store.</summary>
/// <param name="Value">Not negative.</param>
public readonly record struct LedgerId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using System.Text.Json.Serialization;

namespace Bank.Amounts;

/// <summary>The unit of an amount: a currency code, a symbol, or any commodity of a journal, such as <c>EUR</c>, <c>$</c> or
/// <c>VMMXX</c>.</summary>
/// <param name="Code">1 to 32 characters without control characters or outer spaces; compared ordinally.</param>
[JsonConverter(typeof(CurrencyConverter))]
public readonly record struct Currency(string Code) : IComparable<Currency>
{
    /// <summary>The code as written in journals.</summary>
    public string Code { get; } = TextValue.Validated(Code, "a currency", 32);

    /// <inheritdoc/>
    public int CompareTo(Currency other) => string.CompareOrdinal(Code, other.Code);

    /// <inheritdoc/>
    public override string ToString() => Code;

    /// <summary>Orders by code.</summary>
    public static bool operator <(Currency left, Currency right) => left.CompareTo(right) < 0;

    /// <summary>Orders by code.</summary>
    public static bool operator >(Currency left, Currency right) => left.CompareTo(right) > 0;

    /// <summary>Orders by code.</summary>
    public static bool operator <=(Currency left, Currency right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by code.</summary>
    public static bool operator >=(Currency left, Currency right) => left.CompareTo(right) >= 0;

    private sealed class CurrencyConverter : TextValueConverter<Currency>
    {
        protected override Currency Parse(string text) => new(text);

        protected override string TextOf(Currency value) => value.Code;
    }
}

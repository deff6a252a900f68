namespace Daybook.Postgres.Queries;

/// <summary>How a property is compared with a value. Numbers are compared as numbers, times as moments, everything else as text by Unicode code point.</summary>
public enum Comparison
{
    /// <summary>The same; null equals null, and a property that the document lacks.</summary>
    Equal,

    /// <summary>Not the same; null differs from every value.</summary>
    NotEqual,

    /// <summary>Less; null is not.</summary>
    Below,

    /// <summary>Less or the same; null is not.</summary>
    AtMost,

    /// <summary>Greater or the same; null is not.</summary>
    AtLeast,

    /// <summary>Greater; null is not.</summary>
    Above,
}

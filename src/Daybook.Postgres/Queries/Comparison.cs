namespace Daybook.Postgres.Queries;

/// <summary>How a property is compared with a value: numbers as numbers, times as moments, everything else as text by Unicode code point. A
/// <see cref="TimeSpan"/> or <see cref="Version"/> can only be compared for equality, because its text sorts in another order.</summary>
public enum Comparison
{
    /// <summary>Equal; null equals null and a missing property.</summary>
    Equal,

    /// <summary>Not equal; null differs from every value.</summary>
    NotEqual,

    /// <summary>Less than; never true for null.</summary>
    Below,

    /// <summary>Less than or equal; never true for null.</summary>
    AtMost,

    /// <summary>Greater than or equal; never true for null.</summary>
    AtLeast,

    /// <summary>Greater than; never true for null.</summary>
    Above,
}

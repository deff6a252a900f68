namespace Daybook.Projections;

/// <summary>
/// Orders keys by code point, as UTF-8 bytes do, and so as SQLite and Postgres (collation "C") do. UTF-16 order differs: it puts
/// surrogates, which stand for the highest code points, before U+E000.
/// </summary>
public sealed class CodePointOrder : IComparer<string>
{
    /// <summary>The order.</summary>
    public static CodePointOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        var common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length)
            return x.Length.CompareTo(y.Length);
        char a = x[common], b = y[common];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}

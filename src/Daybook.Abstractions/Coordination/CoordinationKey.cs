namespace Daybook.Coordination;

/// <summary>The form of keys, lease names and values, checked once for every provider.</summary>
public static class CoordinationKey
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>The largest value, in bytes.</summary>
    public const int MaxValueBytes = 64 * 1024;

    /// <summary>Checks a key or lease name: slash-separated segments of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>, naming the key.</exception>
    public static void Check(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length > MaxLength)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Key '{key[..20]}…' has {key.Length} characters; the limit is {MaxLength}.");
        foreach (var segment in key.AsSpan().Split('/'))
            if (!IsSegment(key.AsSpan()[segment]))
                throw new DaybookException(ErrorCode.InvalidArgument,
                    $"Key '{key}' is not made of segments of letters, digits, '-', '_' and '.' with '/' between them.");
    }

    /// <summary>Checks the size of a value.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.TooLarge"/>, naming the key.</exception>
    public static void CheckValue(string key, ReadOnlyMemory<byte> value)
    {
        if (value.Length > MaxValueBytes)
            throw new DaybookException(ErrorCode.TooLarge, $"The value of '{key}' has {value.Length} bytes; the limit is {MaxValueBytes}.");
    }

    /// <summary>Whether a key lies one level below a prefix; the empty prefix stands for the root.</summary>
    public static bool IsChild(string prefix, string key)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(key);
        var start = prefix.Length == 0 ? 0 : prefix.Length + 1;
        return key.Length > start
            && key.StartsWith(prefix, StringComparison.Ordinal)
            && (start == 0 || key[prefix.Length] == '/')
            && key.IndexOf('/', start) < 0;
    }

    private static bool IsSegment(ReadOnlySpan<char> segment)
    {
        if (segment is "" or "." or "..")
            return false;
        foreach (var c in segment)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                return false;
        return true;
    }
}

namespace Daybook;

/// <summary>
/// The name of a stream: the ordered events of one aggregate. By convention <c>category/key</c>, for example <c>account/alice</c>.
/// </summary>
/// <remarks>
/// One to <see cref="MaxLength"/> characters without control characters; compared ordinally. The default value names no stream and
/// is refused by every call that takes one.
/// </remarks>
public readonly record struct StreamId : IComparable<StreamId>
{
    /// <summary>The greatest length of a stream name, in UTF-16 characters.</summary>
    public const int MaxLength = 200;

    private readonly string? _value;

    /// <summary>Names a stream.</summary>
    /// <exception cref="DaybookException">The name is empty, too long or holds a control character or half a surrogate pair (<see cref="ErrorCode.InvalidArgument"/>).</exception>
    public StreamId(string value) => _value = Validated(value);

    /// <summary>The name as text; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Names the stream of one aggregate: <c>category/key</c>.</summary>
    /// <exception cref="DaybookException">One of them is empty, or together they are no stream name
    /// (<see cref="ErrorCode.InvalidArgument"/>).</exception>
    public static StreamId For(string category, string key) => string.IsNullOrEmpty(category) || string.IsNullOrEmpty(key)
        ? throw new DaybookException(ErrorCode.InvalidArgument, "A stream is named by a category and a key; neither may be empty.")
        : new($"{category}/{key}");

    /// <inheritdoc/>
    public int CompareTo(StreamId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Orders by ordinal name.</summary>
    public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by ordinal name.</summary>
    public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by ordinal name.</summary>
    public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by ordinal name.</summary>
    public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;

    private static string Validated(string value)
    {
        if (string.IsNullOrEmpty(value))
            throw new DaybookException(ErrorCode.InvalidArgument, "A stream name must not be empty.");
        if (value.Length > MaxLength)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The stream name '{value.AsSpan(0, 40)}…' has {value.Length} characters; at most {MaxLength} are allowed.");
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
                throw new DaybookException(ErrorCode.InvalidArgument, $"A stream name holds the control character U+{(int)value[i]:X4}.");
            if (char.IsSurrogate(value[i]) && !char.IsSurrogatePair(value, i++))
                throw new DaybookException(ErrorCode.InvalidArgument, $"A stream name holds the half character U+{(int)value[i - 1]:X4}.");
        }
        return value;
    }
}

namespace Daybook;

/// <summary>What a writer believes about a stream; when it is wrong the append is a <see cref="Outcome.Conflict"/> and writes nothing.</summary>
public readonly record struct ExpectedVersion
{
    private const long AnyValue = -1;
    private readonly long _value;

    private ExpectedVersion(long value) => _value = value;

    /// <summary>No belief: the append is never a conflict.</summary>
    public static ExpectedVersion Any => new(AnyValue);

    /// <summary>The stream has no events yet. The default value.</summary>
    public static ExpectedVersion NoStream => default;

    /// <summary>True for <see cref="Any"/>.</summary>
    public bool IsAny => _value == AnyValue;

    /// <summary>The stream is exactly at <paramref name="version"/>.</summary>
    /// <exception cref="DaybookException">The version is negative (<see cref="ErrorCode.InvalidArgument"/>).</exception>
    public static ExpectedVersion Exactly(StreamVersion version) => version.Value >= 0
        ? new(version.Value)
        : throw new DaybookException(ErrorCode.InvalidArgument, $"An expected version must not be negative; it was {version.Value}.");

    /// <summary>Whether a stream at <paramref name="actual"/> is as expected.</summary>
    public bool Allows(StreamVersion actual) => IsAny || _value == actual.Value;

    /// <inheritdoc/>
    public override string ToString() => IsAny ? "any" : _value == 0 ? "no stream" : new StreamVersion(_value).ToString();
}

namespace Daybook.Testing.Histories.Linearizability;

/// <summary>A register's answer.</summary>
/// <param name="Value">What a read saw; null is the empty register, and the answer to the other calls.</param>
/// <param name="Applied">Whether a write or compare-and-set replaced the value.</param>
public readonly record struct RegisterReturn(long? Value, bool Applied)
{
    /// <summary>The answer to a write.</summary>
    public static readonly RegisterReturn Written = new(null, true);

    /// <summary>The answer to a read.</summary>
    public static RegisterReturn Read(long? value) => new(value, false);

    /// <summary>The answer to a compare-and-set.</summary>
    public static RegisterReturn CompareAndSet(bool applied) => new(null, applied);

    /// <inheritdoc />
    public override string ToString() => Applied ? "done" : Value?.ToString() ?? "nil";
}

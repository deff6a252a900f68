namespace Daybook.Testing.Histories.Linearizability;

/// <summary>What can be asked of a register.</summary>
public enum RegisterFunction
{
    /// <summary>The value.</summary>
    Read,

    /// <summary>Replace the value.</summary>
    Write,

    /// <summary>Replace the value if it is the expected one.</summary>
    CompareAndSet,
}

/// <summary>A call to a register.</summary>
/// <param name="Function">What is asked.</param>
/// <param name="Key">Which register; the empty string where there is one only.</param>
/// <param name="Value">The new value of a write or compare-and-set.</param>
/// <param name="Expected">The value that a compare-and-set replaces; null is the empty register.</param>
public readonly record struct RegisterCall(RegisterFunction Function, string Key, long Value = 0, long? Expected = null)
{
    /// <summary>The value.</summary>
    public static RegisterCall Read(string key) => new(RegisterFunction.Read, key);

    /// <summary>Replace the value.</summary>
    public static RegisterCall Write(string key, long value) => new(RegisterFunction.Write, key, value);

    /// <summary>Replace the value if it is <paramref name="expected"/>.</summary>
    public static RegisterCall CompareAndSet(string key, long? expected, long value) =>
        new(RegisterFunction.CompareAndSet, key, value, expected);

    /// <inheritdoc />
    public override string ToString() => Function switch
    {
        RegisterFunction.Read => $"read {Key}",
        RegisterFunction.Write => $"write {Key} {Value}",
        _ => $"cas {Key} {Expected?.ToString() ?? "nil"} {Value}",
    };
}

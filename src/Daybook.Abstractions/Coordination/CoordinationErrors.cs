namespace Daybook.Coordination;

/// <summary>The errors of the coordination contract, worded once for every provider.</summary>
public static class CoordinationErrors
{
    /// <summary>A compare-and-set lost.</summary>
    /// <param name="key">The record.</param>
    /// <param name="expected">The version that was expected; null for "none yet".</param>
    /// <param name="found">The version that is there; null for "none".</param>
    public static DaybookException VersionMismatch(string key, long? expected, long? found) =>
        new(ErrorCode.VersionMismatch, $"Record '{key}' was expected to {Describe(expected)}, but is found to {Describe(found)}.");

    private static string Describe(long? version) => version is { } v ? $"have version {v}" : "not exist";
}

namespace Daybook.Testing.Faults;

/// <summary>The faults planned for a <see cref="SimulatedFileSystem"/>.</summary>
public sealed class FileFaults
{
    private readonly Dictionary<FileOperation, (int Skip, Exception With)> _failures = [];
    private int? _mutationsLeft;

    /// <summary>Seeded bug: a sync that reports success and makes nothing durable.</summary>
    public bool LyingSync { get; set; }

    /// <summary>Locks keep nobody out, as on a network file system that does not enforce them; the earlier owner can only notice.</summary>
    public bool IgnoreLocks { get; set; }

    /// <summary>How many bytes the disk has for the files together; reserving or writing beyond it fails with "disk full". Default: no limit.</summary>
    public long SpaceBytes { get; set; } = long.MaxValue;

    /// <summary>Fails one operation of a kind.</summary>
    /// <param name="operation">The kind.</param>
    /// <param name="skip">How many of them succeed before.</param>
    /// <param name="with">What is thrown; null for an <see cref="IOException"/>.</param>
    public void FailNext(FileOperation operation, int skip = 0, Exception? with = null) =>
        _failures[operation] = (skip, with ?? new IOException($"Injected: {operation} failed."));

    /// <summary>Stops the machine in the middle of the n-th operation from here that changes anything; see <see cref="SimulatedFileSystem.Crash"/>.</summary>
    public void CrashAfter(int mutations) => _mutationsLeft = mutations;

    /// <summary>Forgets every planned failure and crash.</summary>
    public void Clear()
    {
        _failures.Clear();
        _mutationsLeft = null;
    }

    /// <summary>What the operation that is about to run must fail with, if anything.</summary>
    internal Exception? Next(FileOperation operation)
    {
        if (operation != FileOperation.Read && _mutationsLeft is { } left && (_mutationsLeft = left - 1) <= 0)
        {
            _mutationsLeft = null;
            return new SimulatedCrashException();
        }
        if (!_failures.TryGetValue(operation, out var failure))
            return null;
        _failures[operation] = failure with { Skip = failure.Skip - 1 };
        if (failure.Skip > 0)
            return null;
        _failures.Remove(operation);
        return failure.With;
    }
}

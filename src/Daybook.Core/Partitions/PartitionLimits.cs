namespace Daybook.Core.Partitions;

/// <summary>The sizes a partition keeps to; from <c>DaybookOptions</c>.</summary>
internal sealed record PartitionLimits
{
    /// <summary>A batch of so many bytes is sealed at once.</summary>
    public int BatchBytes { get; init; } = 512 * 1024;

    /// <summary>So many entries may be in flight before batches are left to grow.</summary>
    public int EntriesInFlight { get; init; } = 8;

    /// <summary>The largest record.</summary>
    public int MaxRecordBytes { get; init; } = 1024 * 1024;

    /// <summary>A snapshot is written after so many events of one stream; 0 for never.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>So many states are kept in memory.</summary>
    public int CachedStates { get; init; } = 100_000;

    /// <summary>A recovery point is taken after so many records.</summary>
    public int RecoveryPointEvery { get; init; } = 500_000;

    /// <summary>The journal goes on in a new ledger after so many bytes.</summary>
    public long LedgerBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long user code may take.</summary>
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

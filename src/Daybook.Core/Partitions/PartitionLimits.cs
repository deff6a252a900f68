namespace Daybook.Core.Partitions;

/// <summary>The sizes a partition keeps to; from <c>DaybookOptions</c>.</summary>
internal sealed record PartitionLimits
{
    /// <summary>The size in bytes at which a batch is sealed immediately.</summary>
    public int BatchBytes { get; init; } = 512 * 1024;

    /// <summary>How many entries may be in flight before batches are left to grow.</summary>
    public int EntriesInFlight { get; init; } = 8;

    /// <summary>The largest record.</summary>
    public int MaxRecordBytes { get; init; } = 1024 * 1024;

    /// <summary>The number of events of one stream after which a snapshot is written; 0 for never.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>How many states are kept in memory.</summary>
    public int CachedStates { get; init; } = 100_000;

    /// <summary>The number of records after which a recovery point is taken.</summary>
    public int RecoveryPointEvery { get; init; } = 500_000;

    /// <summary>The number of bytes after which the journal continues in a new ledger.</summary>
    public long LedgerBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long user code may take.</summary>
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

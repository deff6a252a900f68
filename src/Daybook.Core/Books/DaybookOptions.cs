namespace Daybook;

/// <summary>How a book behaves. Checked when the book is built; an error names the option. Copied, so later changes have no effect.</summary>
public sealed class DaybookOptions
{
    /// <summary>
    /// The number of partitions on which streams are hashed; 1 to 4096. Default 8. Fixed for ever when the book is first opened: a book
    /// opened with another number is refused.
    /// </summary>
    public int Partitions { get; set; } = 8;

    /// <summary>
    /// How many of its last commands each partition remembers, so that a retry finds its first outcome; 1,000 to 10,000,000. Default
    /// 250,000. About 60 bytes of memory each. A retry that comes later is taken for a new command.
    /// </summary>
    public int CommandWindow { get; set; } = 250_000;

    /// <summary>How many folded states each partition keeps in memory; at least 16. Default 100,000.</summary>
    public int CachedStates { get; set; } = 100_000;

    /// <summary>The number of events of a stream after which its state is written as a snapshot; 0 for never. Default 200.</summary>
    public int SnapshotEvery { get; set; } = 200;

    /// <summary>
    /// The number of records of a partition after which a recovery point is taken; it bounds what a takeover must replay. At least 1,000;
    /// default 500,000.
    /// </summary>
    public int RecoveryPointEvery { get; set; } = 500_000;

    /// <summary>The former name of <see cref="RecoveryPointEvery"/>.</summary>
    [Obsolete($"Use {nameof(RecoveryPointEvery)}.")]
    public int CheckpointEvery { get => RecoveryPointEvery; set => RecoveryPointEvery = value; }

    /// <summary>The largest record, that is all events of a command in one partition, in bytes; 1 KiB to 16 MiB. Default 1 MiB.</summary>
    public int MaxRecordBytes { get; set; } = 1024 * 1024;

    /// <summary>How many aggregates one command may name; 2 to 1,000. Default 100.</summary>
    public int MaxStreamsPerTransaction { get; set; } = 100;

    /// <summary>How many requests may be in flight before further ones are refused as overloaded; at least 1. Default 100,000.</summary>
    public int MaxRequestsInFlight { get; set; } = 100_000;

    /// <summary>The number of bytes after which a journal continues in a new ledger; at least 1 MiB. Default 256 MiB.</summary>
    public long LedgerBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How long a handler may take before its partition abandons it and recovers without it; at least 100 ms. Default 5
    /// s.</summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long <see cref="DaybookBuilder.OpenAsync"/> waits for a book that another process owns before it fails as
    /// <see cref="ErrorCode.NotOwner"/>; from zero to a day. Default 30 s, longer than a killed owner keeps its leases. A host does not wait for it.
    /// A folder that another process uses is an error immediately (<see cref="ErrorCode.AlreadyInUse"/>);
    /// <see cref="DaybookBuilder.Start"/> waits for it.
    /// </summary>
    public TimeSpan OwnershipTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether a host starts although the book cannot be owned here yet, because another process owns it, its folder is in use or a server is
    /// down: it then stands by, serves read models, refuses commands as <see cref="ErrorCode.NotOwner"/>, and takes over by itself. Default true.
    /// False lets the start of the host fail as <see cref="DaybookBuilder.OpenAsync"/> does, for programs that run one task and end.
    /// </summary>
    public bool StandBy { get; set; } = true;

    /// <summary>Checks every option.</summary>
    /// <exception cref="DaybookException">One is out of its range (<see cref="ErrorCode.InvalidArgument"/>); the message names it.</exception>
    public void Validate()
    {
        Within(nameof(Partitions), Partitions, 1, 4096);
        Within(nameof(CommandWindow), CommandWindow, 1_000, 10_000_000);
        Within(nameof(CachedStates), CachedStates, 16, int.MaxValue);
        Within(nameof(SnapshotEvery), SnapshotEvery, 0, int.MaxValue);
        Within(nameof(RecoveryPointEvery), RecoveryPointEvery, 1_000, int.MaxValue);
        Within(nameof(MaxRecordBytes), MaxRecordBytes, 1024, 16 * 1024 * 1024, " bytes");
        Within(nameof(MaxStreamsPerTransaction), MaxStreamsPerTransaction, 2, 1_000);
        Within(nameof(MaxRequestsInFlight), MaxRequestsInFlight, 1, int.MaxValue);
        Within(nameof(LedgerBytes), LedgerBytes, 1024 * 1024, long.MaxValue, " bytes");
        Within(nameof(HandlerTimeout), (long)HandlerTimeout.TotalMilliseconds, 100, int.MaxValue, " ms");
        Within(nameof(OwnershipTimeout), (long)OwnershipTimeout.TotalMilliseconds, 0, 24 * 60 * 60 * 1000, " ms");
    }

    private static void Within(string option, long value, long least, long greatest, string unit = "")
    {
        if (value < least || value > greatest)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The option {nameof(DaybookOptions)}.{option} is {value}{unit}; it must lie between {least} and {greatest}{unit}.");
    }
}

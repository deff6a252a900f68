namespace Daybook.Projections;

/// <summary>How a projection does on one partition. A value of one moment.</summary>
public sealed record ProjectionStatus
{
    /// <summary>The projection.</summary>
    public required ProjectionId Projection { get; init; }

    /// <summary>Which build of that version, see <see cref="IProjectionWriter.Build"/>. Default 1.</summary>
    public int Build { get; init; } = 1;

    /// <summary>Whether it is the build that readers of the version see. Default true.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>The partition.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>The epoch of the owner whose journal it reads; 0 when that is not known. Default 0.</summary>
    public Epoch Epoch { get; init; }

    /// <summary>What it does.</summary>
    public required ProjectionState State { get; init; }

    /// <summary>The offset of the first record not yet applied; 0 until it was read from the sink.</summary>
    public required JournalOffset Checkpoint { get; init; }

    /// <summary>The offset after the last durable record of the partition.</summary>
    public required JournalOffset Head { get; init; }

    /// <summary>How many records are still to be applied.</summary>
    public long Lag => Math.Max(0, Head.Value - Checkpoint.Value);

    /// <summary>What is wrong, for people; null when nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>The code of the error; null when nothing is wrong or the error has none.</summary>
    public ErrorCode? Code { get; init; }

    /// <summary>The event at which it is parked; null when it is not, or not because of one event.</summary>
    public RecordedEvent? ParkedAt { get; init; }

    /// <summary>How many attempts in a row have failed; 0 when the last one went well.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>How many events its read model lacks because operators skipped them; stored with the checkpoint, and gone only with the read model.</summary>
    public int Skipped { get; init; }

    /// <summary>Whether it has been starting or retrying for longer than it should: a reason for an alarm. Default false.</summary>
    public bool IsOverdue { get; init; }
}

/// <summary>What a projection does on one partition.</summary>
public enum ProjectionState
{
    /// <summary>It claims the partition and reads its checkpoint.</summary>
    Starting,

    /// <summary>It reads what was there before it started.</summary>
    CatchingUp,

    /// <summary>It follows the end of the journal.</summary>
    Running,

    /// <summary>An attempt failed; it tries again by itself after a pause.</summary>
    Retrying,

    /// <summary>It cannot go on and waits for a person to retry or skip; nothing was skipped. Others go on.</summary>
    Parked,

    /// <summary>It ended: a later owner took over, the partition lost its owner, or the host was stopped.</summary>
    Stopped,
}

using System.Diagnostics.CodeAnalysis;

namespace Daybook.Postgres.Writing;

/// <summary>A writer's state for one partition: its fold, its claim, and the checkpoint after its last commit.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle has nothing to dispose.")]
internal sealed class PartitionWork(IPartitionFold fold)
{
    /// <summary>One batch of a partition at a time, because an old and a new runner may overlap.</summary>
    internal SemaphoreSlim Turn { get; } = new(1);

    internal IPartitionFold Fold { get; } = fold;

    /// <summary>The highest epoch claimed through this writer and acknowledged; 0 when there is none.</summary>
    internal Epoch Claimed { get; set; }

    /// <summary>The expected checkpoint; null when unknown.</summary>
    internal JournalOffset? Expected { get; set; }
}

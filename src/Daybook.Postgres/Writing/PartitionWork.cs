using System.Diagnostics.CodeAnalysis;

namespace Daybook.Postgres.Writing;

/// <summary>What a writer keeps for one partition: its fold, the claim it made, and where the checkpoint stood after its last commit.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without wait handle has nothing to dispose of.")]
internal sealed class PartitionWork(IPartitionFold fold)
{
    /// <summary>One batch of a partition at a time: an old and a new runner may overlap.</summary>
    internal SemaphoreSlim Turn { get; } = new(1);

    internal IPartitionFold Fold { get; } = fold;

    /// <summary>The highest epoch that was claimed through this writer and acknowledged; 0 when none was.</summary>
    internal Epoch Claimed { get; set; }

    /// <summary>Where the checkpoint is expected; null when nothing is known.</summary>
    internal JournalOffset? Expected { get; set; }
}

using Daybook.Core.Journals;
using Daybook.Core.Partitions.State;

namespace Daybook.Core.Partitions;

/// <summary>Rebuilds a partition's state from its journal.</summary>
internal sealed class PartitionRecovery(PartitionServices services)
{
    /// <returns>The state, and the offset the next record will have.</returns>
    public async ValueTask<PartitionState> RunAsync(Journal journal, CancellationToken cancellationToken)
    {
        var state = new PartitionState(services.CommandWindow);
        var from = journal.Record.Start;
        var replay = new Replay(state);
        await foreach (var entry in journal.ReadAsync(from, journal.RecoveredNext, cancellationToken).ConfigureAwait(false))
            replay.Apply(entry, from);
        return state;
    }
}

using Daybook.Projections;
using Daybook.Reactions;

namespace Daybook.Embedded.Sqlite;

/// <summary>The progress of a reaction, in the table of the checkpoints of projections.</summary>
internal sealed class SqliteReactionCheckpoints(SqliteDatabase database, string name) : ICheckpoints
{
    private readonly SqliteCheckpoints _checkpoints = new(new ProjectionId(name, 1), database);

    public async ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset first, CancellationToken cancellationToken = default)
    {
        var next = await database.Writes.RunAsync(scope => _checkpoints.Claim(scope.Session, partition, epoch, first), cancellationToken).ConfigureAwait(false);
        await database.FlushAsync().ConfigureAwait(false); // what "now" was must not be forgotten
        return next;
    }

    public async ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default)
    {
        await database.Writes.RunAsync(scope => _checkpoints.Disown(scope.Session, partition, epoch, head), cancellationToken).ConfigureAwait(false);
        await database.FlushAsync().ConfigureAwait(false);
    }

    public async ValueTask AdvanceAsync(PartitionId partition, Epoch epoch, JournalOffset from, JournalOffset next, CancellationToken cancellationToken = default) =>
        await database.Writes.RunAsync(
            scope =>
            {
                _checkpoints.Advance(scope.Session, new ProjectionBatch(partition, epoch, from, next, []), from);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask SkipAsync(RecordedEvent skipped, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        await database.Writes.RunAsync(
            scope =>
            {
                _checkpoints.Skip(scope.Session, skipped);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) =>
        database.Writes.RunAsync(scope => _checkpoints.Skipped(scope.Session, partition), cancellationToken);

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => database.FlushAsync();
}

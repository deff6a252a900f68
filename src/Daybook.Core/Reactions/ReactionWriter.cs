using System.Collections.Concurrent;
using Daybook.Projections;

namespace Daybook.Reactions;

/// <summary>
/// A reaction in the shape of a projection, so that the runner of projections drives it: start, batches, retries, parking. What it writes is its progress only,
/// and that record by record: what was reacted to is not delivered again because something after it failed.
/// </summary>
internal sealed class ReactionWriter(ProjectionId id, IReaction reaction, ReactionStart start, ICheckpoints checkpoints) : IProjectionWriter
{
    /// <summary>How many records are read at a time. Few, since the progress that people and waiters see moves with each batch.</summary>
    internal const int BatchRecords = 128;

    private readonly string _name = id.Name[ProjectionId.ReactionPrefix.Length..];
    private readonly ConcurrentDictionary<PartitionId, Progress> _progress = new();
    private readonly ConcurrentDictionary<PartitionId, TaskCompletionSource> _started = new();
    private readonly TaskCompletionSource<IDaybook> _book = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProjectionId Projection => id;

    /// <summary>Sets the book that commands go to; until then reactions wait.</summary>
    internal void Bind(IDaybook book) => _book.TrySetResult(book);

    /// <summary>
    /// Waits until "now" is recorded for each partition of a book that is being opened: what is sent once it is open must not fall before it. While the sink is away,
    /// that takes as long as it is.
    /// </summary>
    internal Task StartedAsync(int partitions, CancellationToken cancellationToken) => start == ReactionStart.Now
        ? Task.WhenAll(Enumerable.Range(0, partitions).Select(i => Started(new PartitionId(i)).Task)).WaitAsync(cancellationToken)
        : Task.CompletedTask;

    public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) =>
        StartAsync(partition, epoch, default, cancellationToken);

    internal async ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset now, CancellationToken cancellationToken)
    {
        var first = start == ReactionStart.Now ? now : default;
        try
        {
            var next = await checkpoints.StartAsync(partition, epoch, first, cancellationToken).ConfigureAwait(false);
            _progress[partition] = new Progress(epoch, next);
            Started(partition).TrySetResult();
            return next;
        }
        catch (Exception error) when (ProjectionFailures.Of(error) != FailureKind.Retry)
        {
            Started(partition).TrySetResult(); // it is parked or stopped, visibly; nobody has to wait for it
            throw;
        }
    }

    public ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default) =>
        checkpoints.DisownAsync(partition, epoch, head, cancellationToken);

    public async ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
    {
        if (!_progress.TryGetValue(batch.Partition, out var progress) || progress.Epoch != batch.Epoch)
            throw ProjectionErrors.Stale(id, batch.Partition, batch.Epoch, progress?.Epoch ?? default);
        if (batch.First > progress.Next)
            throw ProjectionErrors.Gap(id, batch, progress.Next);
        foreach (var skipped in batch.Skipped)
            await checkpoints.SkipAsync(skipped, CancellationToken.None).ConfigureAwait(false);
        for (var at = 0; at < batch.Events.Count;)
        {
            var offset = batch.Events[at].Recorded.Position.Offset;
            var end = at + 1;
            while (end < batch.Events.Count && batch.Events[end].Recorded.Position.Offset == offset)
                end++;
            if (offset >= progress.Next && await ReactAsync(batch.Events, at, end, cancellationToken).ConfigureAwait(false))
                await AdvanceAsync(batch, progress, offset.Plus(1)).ConfigureAwait(false);
            at = end;
        }
        if (batch.Next > progress.Next)
            await AdvanceAsync(batch, progress, batch.Next).ConfigureAwait(false);
    }

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) =>
        checkpoints.SkippedAsync(partition, cancellationToken);

    /// <summary>A reaction has no older versions that could be dropped.</summary>
    public ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => checkpoints.FlushAsync(cancellationToken);

    private TaskCompletionSource Started(PartitionId partition) =>
        _started.GetOrAdd(partition, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Reacts to the events of one record.</summary>
    /// <returns>Whether there was any of concern.</returns>
    private async ValueTask<bool> ReactAsync(IReadOnlyList<ProjectedEvent> events, int at, int end, CancellationToken cancellationToken)
    {
        var any = false;
        for (; at < end; at++)
        {
            var projected = events[at];
            try
            {
                if (!reaction.Concerns(projected))
                    continue;
                any = true;
                cancellationToken.ThrowIfCancellationRequested();
                var book = await _book.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                var context = new ReactionContext(projected, IdempotencyId.Of(_name, projected.Recorded), book);
                await reaction.ReactAsync(context, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!(error is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                throw Meaning(projected.Recorded, error);
            }
        }
        return any;
    }

    private DaybookException Meaning(RecordedEvent recorded, Exception error) => reaction.IsTransient(error)
        ? new DaybookException(ErrorCode.Unavailable,
            $"Reaction '{_name}' did not get through with event '{recorded.Type}' at {recorded.Position} of stream '{recorded.Stream}': {ExceptionText.Of(error)}", error)
        : new PoisonEventException(id.Name, recorded, error);

    // The effect is there, so its progress is recorded even if the host is stopping.
    private async ValueTask AdvanceAsync(ProjectionBatch batch, Progress progress, JournalOffset next)
    {
        await checkpoints.AdvanceAsync(batch.Partition, batch.Epoch, progress.Next, next, CancellationToken.None).ConfigureAwait(false);
        progress.Next = next;
    }

    private sealed class Progress(Epoch epoch, JournalOffset next)
    {
        internal Epoch Epoch => epoch;

        internal JournalOffset Next { get; set; } = next;
    }
}

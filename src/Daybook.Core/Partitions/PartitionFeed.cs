using Daybook.Core.Journals;
using Daybook.Core.Records;
using Daybook.Core.Streams;
using Daybook.Projections;

namespace Daybook.Core.Partitions;

/// <summary>Serves a partition's committed events to projections, up to what is durable and never further (invariant J1).</summary>
internal sealed class PartitionFeed(PartitionId partition, Journal journal, JournalOffset head) : IEventFeed
{
    // What one batch may hold in memory; at least one entry is returned however large it is.
    private const long MaxBatchBytes = 32 << 20;

    private long _head = head.Value;
    private int _waiting;
    private TaskCompletionSource _advanced = New();
    private DaybookException? _stopped;

    public PartitionId Partition => partition;

    public Epoch Epoch => journal.Epoch;

    public JournalOffset TakenOverAt => journal.RecoveredNext;

    public JournalOffset Head => new(Volatile.Read(ref _head));

    /// <summary>Records before this offset are durable.</summary>
    public void Advance(JournalOffset head)
    {
        Interlocked.Exchange(ref _head, head.Value); // a full fence: the head is seen before _waiting is read, or a waiter would sleep on
        if (Volatile.Read(ref _waiting) != 0)
            Interlocked.Exchange(ref _advanced, New()).TrySetResult();
    }

    /// <summary>The owner is gone: every wait ends.</summary>
    public void Stop(DaybookException why)
    {
        _stopped = new DaybookException(ErrorCode.NotOwner, $"Partition {partition} has lost its owner here: {why.Message}", why);
        Interlocked.Exchange(ref _advanced, New()).TrySetResult();
    }

    public async ValueTask<FeedBatch> ReadAsync(JournalOffset from, int maxRecords, CancellationToken cancellationToken = default)
    {
        await WaitAsync(from, cancellationToken).ConfigureAwait(false);
        var head = Head;
        var events = new List<RecordedEvent>();
        var reader = new RecordReader(journal);
        var next = from;
        var bytes = 0L;
        await foreach (var entry in journal.ReadAsync(from, head, cancellationToken).ConfigureAwait(false))
        {
            await ReadEntryAsync(reader, entry, from, events, cancellationToken).ConfigureAwait(false);
            next = entry.Frame.Next;
            bytes += entry.Data.Length;
            if (next.Value - from.Value >= maxRecords || events.Count >= maxRecords || bytes >= MaxBatchBytes)
                break;
        }
        return next > from
            ? new FeedBatch(from, next, events)
            : throw new DaybookException(ErrorCode.Corrupted, $"The journal of partition {partition} ends before offset {from}, though {head} is durable.");
    }

    private async ValueTask ReadEntryAsync(
        RecordReader reader, JournalEntry entry, JournalOffset from, List<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var offset = entry.Frame.First;
        foreach (var place in Places(entry))
        {
            if (offset >= from)
            {
                var at = new Location(entry.Ledger, entry.Entry, place);
                foreach (var slice in await reader.SlicesAsync(entry, at, offset, cancellationToken).ConfigureAwait(false))
                    events.AddRange(slice.Events(partition));
            }
            offset = offset.Plus(1);
        }
    }

    private static List<int> Places(JournalEntry entry)
    {
        var places = new List<int>(entry.Frame.Count);
        var cursor = new RecordCursor(entry.Data.Span);
        while (cursor.MoveNext())
            places.Add(cursor.Start);
        return places;
    }

    private async ValueTask WaitAsync(JournalOffset from, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                var advanced = Volatile.Read(ref _advanced);
                if (_stopped is { } stopped)
                    throw stopped;
                if (Head > from)
                    return;
                await advanced.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

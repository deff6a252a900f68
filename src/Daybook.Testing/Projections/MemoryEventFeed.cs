using System.Runtime.CompilerServices;
using Daybook.Projections;

namespace Daybook.Testing.Projections;

/// <summary>A feed that a test writes to. Bodies are kept as objects: <see cref="Decoder"/> hands them out again. Safe for many threads.</summary>
/// <param name="partition">The partition.</param>
/// <param name="epoch">The epoch of its owner; default 1.</param>
public sealed class MemoryEventFeed(PartitionId partition, long epoch = 1) : IEventFeed
{
    private static readonly ConditionalWeakTable<RecordedEvent, object> Bodies = [];

    private readonly Lock _lock = new();
    private readonly List<RecordedEvent[]> _records = [];
    private readonly Dictionary<string, long> _versions = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;

    /// <summary>Decodes the events of any such feed.</summary>
    public static IEventDecoder Decoder { get; } = new BodyDecoder();

    /// <inheritdoc/>
    public PartitionId Partition { get; } = partition;

    /// <inheritdoc/>
    public Epoch Epoch { get; } = new(epoch);

    /// <summary>See <see cref="IEventFeed.TakenOverAt"/>; the start of the journal unless the test sets it.</summary>
    public JournalOffset TakenOverAt { get; init; }

    /// <inheritdoc/>
    public JournalOffset Head
    {
        get
        {
            lock (_lock)
                return new JournalOffset(_records.Count);
        }
    }

    /// <summary>Adds a record that makes the events of one stream visible; without any it is one of those that hold none.</summary>
    /// <returns>The record's position.</returns>
    public Position Append(string stream, params object[] bodies)
    {
        lock (_lock)
        {
            var position = new Position(Partition, new JournalOffset(_records.Count));
            _records.Add(Array.ConvertAll(bodies, b => Record(stream, position, b)));
            Signal();
            return position;
        }
    }

    /// <summary>Has every read from now on fail; null lets them succeed again.</summary>
    public void FailWith(Exception? failure)
    {
        lock (_lock)
        {
            _failure = failure;
            Signal();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FeedBatch> ReadAsync(JournalOffset from, int maxRecords, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task grown;
            lock (_lock)
            {
                if (_failure is not null)
                    throw _failure;
                var next = (int)Math.Min(_records.Count, from.Value + maxRecords);
                if (next > from.Value)
                    return new FeedBatch(from, new JournalOffset(next), [.. _records.Take((int)from.Value..next).SelectMany(r => r)]);
                grown = _grown.Task;
            }
            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private RecordedEvent Record(string stream, Position position, object body)
    {
        var version = _versions[stream] = _versions.GetValueOrDefault(stream) + 1;
        var metadata = new EventMetadata { CommandId = new CommandId(new Guid((int)position.Offset.Value + 1, 0, 0, new byte[8])), Time = DateTimeOffset.UnixEpoch };
        var recorded = new RecordedEvent(new StreamId(stream), new StreamVersion(version), position, body.GetType().Name, default, metadata);
        Bodies.Add(recorded, body);
        return recorded;
    }

    private void Signal()
    {
        _grown.TrySetResult();
        _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class BodyDecoder : IEventDecoder
    {
        public object? Decode(RecordedEvent recorded) => Bodies.TryGetValue(recorded, out var body) ? body : null;
    }
}

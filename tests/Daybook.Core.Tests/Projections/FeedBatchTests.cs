using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;

namespace Daybook.Core.Tests.Projections;

public sealed class FeedBatchTests
{
    private const int EventsEach = 6000;

    [Fact]
    public async Task Batch_ends_early_when_its_few_records_hold_many_events()
    {
        var sink = new LateSink();
        await using var book = await new DaybookBuilder().UseMemory().UseProjectionSink(_ => new(sink)).AddProjection<Counting, Tally>().AddEventType(typeof(Bit))
            .Configure(o => o.Partitions = 1).OpenAsync();
        var events = Enumerable.Range(0, EventsEach).Select(_ => new EventData("test.bit.v1", "{}"u8.ToArray())).ToArray();
        for (var i = 0; i < 5; i++)
            Assert.IsType<Outcome.Accepted>(await book.Streams.AppendAsync(new StreamId($"bits/{i}"), ExpectedVersion.Any, events, new CommandId(Guid.NewGuid())));

        sink.Writer.Starting.SetResult();
        await book.Projections.WaitForAsync("bits", new Position(default, book.Projections.Status[0].Head.Plus(-1)), Runs.Limit);

        Assert.Equal(5 * EventsEach, sink.Writer.Batches.Sum());
        Assert.All(sink.Writer.Batches, count => Assert.InRange(count, 0, 2 * EventsEach));
    }

    [EventType("test.bit.v1")]
    public sealed record Bit;

    [Projection("bits")]
    public sealed class Counting : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [];

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => document;
    }

    private sealed class LateSink : IProjectionSink
    {
        private readonly MemoryProjections _memory = new();

        internal LateWriter Writer { get; private set; } = null!;

        IProjectionWriter IProjectionSink.Writer<TDocument>(IDocumentProjection<TDocument> projection) => Writer = new LateWriter(_memory.Writer(projection));

        public IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
            where TDocument : class => _memory.ReadModel(projection);
    }

    /// <summary>Starts on request, and records the number of events in each batch.</summary>
    private sealed class LateWriter(IProjectionWriter inner) : IProjectionWriter
    {
        internal TaskCompletionSource Starting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal List<int> Batches { get; } = [];

        public ProjectionId Projection => inner.Projection;

        public async ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
        {
            await Starting.Task.WaitAsync(cancellationToken);
            return await inner.StartAsync(partition, epoch, cancellationToken);
        }

        public ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
        {
            Batches.Add(batch.Events.Count);
            return inner.ApplyAsync(batch, cancellationToken);
        }

        public ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) =>
            inner.CaughtUpAsync(partition, epoch, cancellationToken);

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);
    }
}

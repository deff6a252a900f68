using Daybook.Core.Tests.Engine;
using Daybook.Core.Tests.Projections;
using Daybook.Memory;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Reactions;

namespace Daybook.Core.Tests.Reactions;

/// <summary>A reaction that sends commands, on whole books that are closed and opened again.</summary>
public sealed class ProcessManagerTests : IAsyncDisposable
{
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _coordinator = new();
    private readonly ForgetfulSink _sink = new();
    private Book? _book;

    public ProcessManagerTests() => Bonus.Sent.Clear();

    public async ValueTask DisposeAsync()
    {
        if (_book is not null)
            await _book.DisposeAsync();
    }

    [Fact]
    public async Task J5_a_command_that_a_reaction_sends_has_one_effect_however_often_its_event_is_delivered()
    {
        await OpenAsync<Bonus>();
        await _book!.Insist(new Open("a", 100));
        await _book!.Insist(new Open("bonus", 100));
        var paid = (Outcome.Accepted)await _book!.Insist(new Change("a", 30));
        await _book!.Projections.WaitForAsync("reaction:bonus", paid.Position, Runs.Limit);
        Assert.Equal(3, await _book!.AmountOf("bonus"));
        var sent = Bonus.Sent.Count;

        // The effect is there, the progress is not: everything is delivered again.
        _sink.Forget();
        await OpenAsync<Bonus>();
        await _book!.Projections.WaitForAsync("reaction:bonus", paid.Position, Runs.Limit);

        Assert.Equal(3, await _book!.AmountOf("bonus"));
        Assert.Equal(Bonus.Sent.Take(sent), Bonus.Sent.Skip(sent));
        await foreach (var recorded in _book!.Streams.ReadAsync(new StreamId("wallet/bonus"), direction: ReadDirection.Backwards))
        {
            Assert.Equal(paid.CommandId.ToString(), recorded.Metadata.CausationId);
            break;
        }
    }

    [Fact]
    public async Task J8_no_reaction_runs_when_a_read_model_is_rebuilt_in_a_new_version()
    {
        await OpenAsync<Bonus>(b => b.AddProjection<Amounts, Sum>());
        await _book!.Insist(new Open("a", 100));
        await _book!.Insist(new Open("bonus", 100));
        var paid = (Outcome.Accepted)await _book!.Insist(new Change("a", 30));
        await _book!.Projections.WaitForAsync("reaction:bonus", paid.Position, Runs.Limit);
        var sent = Bonus.Sent.Count;

        await OpenAsync<Bonus>(b => b.AddProjection<Amounts2, Sum>());
        await _book!.Projections.WaitForAsync("amounts", paid.Position, Runs.Limit);
        await _book!.Projections.WaitForAsync("reaction:bonus", paid.Position, Runs.Limit);

        Assert.Equal(30, (await _book!.ReadModel<Sum>().GetAsync("wallet/a"))!.Amount);
        Assert.Equal(sent, Bonus.Sent.Count);
    }

    [Fact]
    public async Task What_is_sent_once_the_book_is_open_is_reacted_to_however_long_the_sink_took_to_record_the_start()
    {
        _sink.StartFailures = 3;
        await OpenAsync<Late>();
        Assert.Equal(0, _sink.StartFailures);
        var opened = (Outcome.Accepted)await _book!.Insist(new Open("a", 100));
        await _book!.Projections.WaitForAsync("reaction:late", opened.Position, Runs.Limit);
        Assert.Equal(1, Late.Seen);
    }

    [Fact]
    public async Task Two_commands_under_one_step_are_refused_since_the_second_would_do_nothing()
    {
        await OpenAsync<Twice>();
        var opened = (Outcome.Accepted)await _book!.Insist(new Open("a", 100));
        await Assert.ThrowsAsync<DaybookException>(() => _book!.Projections.WaitForAsync("reaction:twice", opened.Position, Runs.Limit).AsTask());
        Assert.Contains("step 'first'", _book!.Projections.Status.Single(s => s.Lag > 0).Error, StringComparison.Ordinal);
        Assert.Equal(1, await _book!.AmountOf("a"));
    }

    [Fact]
    public async Task A_reaction_without_a_name_or_a_way_to_make_it_is_refused_when_the_book_is_opened()
    {
        var nameless = await Assert.ThrowsAsync<DaybookException>(() => OpenAsync<Nameless>());
        Assert.Contains("[Reaction(\"name\")]", nameless.Message, StringComparison.Ordinal);
        var needy = await Assert.ThrowsAsync<DaybookException>(() => OpenAsync<Needy>());
        Assert.Contains("there is no container", needy.Message, StringComparison.Ordinal);
    }

    private async Task OpenAsync<TReaction>(Action<DaybookBuilder>? more = null)
        where TReaction : class, IReaction
    {
        await DisposeAsync();
        _book = null;
        var builder = new DaybookBuilder().UseLedgers(_ => new(_ledgers)).UseCoordinator(_ => new(_coordinator)).UseProjectionSink(_ => new(_sink))
            .AddHandlers(typeof(WalletHandlers)).Configure(o => o.Partitions = 2).AddReaction<TReaction>();
        more?.Invoke(builder);
        _book = await builder.OpenAsync();
    }

    /// <summary>A sink that can lose all progress, as after a crash between effect and record.</summary>
    private sealed class ForgetfulSink : IProjectionSink, ICheckpointSink
    {
        private readonly MemoryProjections _models = new();
        private MemoryProjections _progress = new();

        internal void Forget() => _progress = new MemoryProjections();

        public IProjectionWriter Writer<TDocument>(IDocumentProjection<TDocument> projection)
            where TDocument : class => _models.Writer(projection);

        public IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
            where TDocument : class => _models.ReadModel(projection);

        /// <summary>How many starts have still to fail.</summary>
        internal int StartFailures { get; set; }

        public ICheckpoints Checkpoints(string name) => new Starts(this, _progress.Checkpoints(name));

        private sealed class Starts(ForgetfulSink sink, ICheckpoints inner) : ICheckpoints
        {
            public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset first, CancellationToken cancellationToken = default)
            {
                lock (sink)
                {
                    if (sink.StartFailures > 0 && sink.StartFailures-- > 0)
                        throw new IOException("no connection");
                }
                return inner.StartAsync(partition, epoch, first, cancellationToken);
            }

            public ValueTask AdvanceAsync(
                PartitionId partition, Epoch epoch, JournalOffset from, JournalOffset next, CancellationToken cancellationToken = default) =>
                inner.AdvanceAsync(partition, epoch, from, next, cancellationToken);

            public ValueTask SkipAsync(RecordedEvent skipped, CancellationToken cancellationToken = default) => inner.SkipAsync(skipped, cancellationToken);

            public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) => inner.SkippedAsync(partition, cancellationToken);

            public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);
        }
    }

    [Reaction("late")]
    private sealed class Late : IReaction
    {
        internal static int Seen { get; private set; }

        public bool Concerns(ProjectedEvent projected) => projected.Body is Opened;

        public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
        {
            Seen++;
            return ValueTask.CompletedTask;
        }
    }

    [Reaction("bonus", Start = ReactionStart.Beginning)]
    private sealed class Bonus : IReaction
    {
        internal static List<CommandId> Sent { get; } = [];

        public bool Concerns(ProjectedEvent projected) => projected.Body is Changed { By: > 0 } && projected.Recorded.Stream.Value != "wallet/bonus";

        public async ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
        {
            lock (Sent)
                Sent.Add(context.Id.ToCommandId());
            var changed = (Changed)context.Event;
            Assert.IsType<Outcome.Accepted>(await context.SendAsync(new Change("bonus", changed.By / 10), cancellationToken: cancellationToken));
        }
    }

    [Reaction("twice")]
    private sealed class Twice : IReaction
    {
        public bool Concerns(ProjectedEvent projected) => projected.Body is Opened;

        public async ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
        {
            await context.SendAsync(new Change("a", 1), "first", cancellationToken: cancellationToken);
            await context.SendAsync(new Change("a", 1), "first", cancellationToken: cancellationToken);
        }
    }

    private sealed class Nameless : IReaction
    {
        public bool Concerns(ProjectedEvent projected) => false;

        public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    [Reaction("needy")]
    private sealed class Needy(string what) : IReaction
    {
        public bool Concerns(ProjectedEvent projected) => what.Length > 0;

        public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed record Sum(int Amount);

    [Projection("amounts")]
    private sealed class Amounts : Folding;

    [Projection("amounts", Version = 2)]
    private sealed class Amounts2 : Folding;

    private abstract class Folding : IDocumentProjection<Sum>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Changed ? [projected.Recorded.Stream.Value] : [];

        public Sum? Apply(string key, Sum? document, ProjectedEvent projected) => new((document?.Amount ?? 0) + ((Changed)projected.Body).By);
    }
}

using Daybook.Core.Tests.Projections;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Reactions;
using Daybook.Testing.Projections;
using Daybook.Testing.Time;

namespace Daybook.Core.Tests.Reactions;

/// <summary>One reaction on a host whose clock the test moves; its progress is in memory, and recording it fails on request.</summary>
internal sealed class ReactionRuns : IAsyncDisposable
{
    internal const string Name = "reaction:recorder";

    internal ReactionRuns(ReactionStart start = ReactionStart.Beginning, MemoryProjections? sink = null, params IProjectionWriter[] others)
    {
        Progress = new FaultyCheckpoints((sink ?? new MemoryProjections()).Checkpoints(Name));
        Writer = new ReactionWriter(ProjectionId.OfReaction(typeof(Recorder)), Recorder, start, Progress);
        Writer.Bind(null!);
        Host = new ProjectionHost([Writer, .. others], MemoryEventFeed.Decoder, new ProjectionOptions(), Time, new Random(1));
    }

    internal Recorder Recorder { get; } = new();

    internal FaultyCheckpoints Progress { get; }

    internal ReactionWriter Writer { get; }

    internal ManualTime Time { get; } = new();

    internal ProjectionHost Host { get; }

    internal ProjectionStatus Status => Host.Status.Single(s => s.Projection.Name == Name);

    internal async Task ReactedAsync(Position position) => await Host.WaitForAsync(Name, position, Runs.Limit);

    /// <summary>Lets the pause after a failure pass.</summary>
    internal async Task<TimeSpan> PauseAsync()
    {
        var pause = await Time.NextTimerAsync(Runs.Limit);
        Time.Advance(pause);
        return pause;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>Progress that on request is not recorded, or recorded without an answer.</summary>
internal sealed class FaultyCheckpoints(ICheckpoints inner) : ICheckpoints
{
    internal Queue<Exception> BeforeAdvance { get; } = [];

    internal Queue<Exception> AfterAdvance { get; } = [];

    internal List<long> Advances { get; } = [];

    public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset first, CancellationToken cancellationToken = default) =>
        inner.StartAsync(partition, epoch, first, cancellationToken);

    public async ValueTask AdvanceAsync(PartitionId partition, Epoch epoch, JournalOffset from, JournalOffset next, CancellationToken cancellationToken = default)
    {
        if (BeforeAdvance.TryDequeue(out var before))
            throw before;
        await inner.AdvanceAsync(partition, epoch, from, next, cancellationToken);
        Advances.Add(next.Value);
        if (AfterAdvance.TryDequeue(out var after))
            throw after;
    }

    public ValueTask SkipAsync(RecordedEvent skipped, CancellationToken cancellationToken = default) => inner.SkipAsync(skipped, cancellationToken);

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) => inner.SkippedAsync(partition, cancellationToken);

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);
}

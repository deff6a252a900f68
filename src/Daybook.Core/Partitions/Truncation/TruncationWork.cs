using Daybook.Core.Journals;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions.Truncation;

/// <summary>
/// Finds, in one turn of the owner, how far its journal may be cut: not past what was asked, nor past the newest recovery point, the oldest
/// command that a retry may ask for, or a transaction whose end is not known. Answers once everything recorded up to then is durable.
/// </summary>
internal sealed class TruncationWork(Journal journal, JournalOffset before) : WorkItem
{
    private readonly TaskCompletionSource<TruncationPlan> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TruncationPlan> RunAsync(Action<WorkItem> post)
    {
        post(this);
        return _done.Task;
    }

    public override void Run(PartitionMachine machine)
    {
        var record = journal.Manifest;
        var start = record.LedgerOf(Limit(machine.State, record)).First;
        KeptStream[] streams = start > record.Start
            ? [.. machine.State.Streams.All.Where(head => head.Version > 0).Select(head => new KeptStream(new StreamId(head.Name), head.Snapshot))]
            : [];
        machine.WhenDurable(new Durable(this, new TruncationPlan(start, machine.Batches.Open.Entry.Next, streams)));
    }

    public override void Refuse(DaybookException why) => _done.TrySetException(why);

    private JournalOffset Limit(PartitionState state, JournalManifest record)
    {
        var limit = Math.Min(before.Value, (record.RecoveryPoint?.Offset ?? record.Start).Value);
        foreach (var (_, at) in state.Commands.InOrder().Take(1))
            limit = Math.Min(limit, FirstOf(record, at));
        foreach (var prepared in state.Prepared.Values)
            limit = Math.Min(limit, FirstOf(record, prepared.At));
        return new JournalOffset(limit);
    }

    private static long FirstOf(JournalManifest record, Location at) => (record.Find(at.Ledger)?.First ?? record.Start).Value;

    private sealed class Durable(TruncationWork work, TruncationPlan plan) : WorkItem
    {
        public override void Run(PartitionMachine machine) => work._done.TrySetResult(plan);

        public override void Refuse(DaybookException why) => work.Refuse(why);
    }
}

/// <summary>What a truncation will do.</summary>
/// <param name="Start">The first offset that is kept: that of a ledger.</param>
/// <param name="Recorded">The offset after the last record when it was planned; what comes later points to nothing before <paramref name="Start"/>.</param>
/// <param name="Streams">The streams there were, none when nothing is to be cut.</param>
internal sealed record TruncationPlan(JournalOffset Start, JournalOffset Recorded, IReadOnlyList<KeptStream> Streams);

/// <summary>A stream whose state must outlive its first events.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Snapshot">Its newest snapshot.</param>
internal readonly record struct KeptStream(StreamId Stream, Location Snapshot);

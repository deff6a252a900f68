using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;
using Daybook.Testing.Histories.Serializability;

namespace Daybook.Core.Tests.Simulation;

/// <summary>What must hold once everything has come to rest.</summary>
internal sealed class FinalCheck(Simulation simulation)
{
    /// <summary>Marks findings of the history checkers, as opposed to those of checks that look inside.</summary>
    public const string ByHistory = "history: ";

    public void Run()
    {
        simulation.RunToEnd(simulation.Workload.LookAtLists());
        simulation.RunToEnd(simulation.Workload.LookAtTills());
        if (simulation.Violations.Count > 0)
            return;
        CheckHistories();
        foreach (var owner in simulation.Owners.ToArray())
        {
            CheckNothingIsLeft(owner);
            CheckRecovery(owner);
        }
    }

    private void CheckHistories()
    {
        var lists = simulation.Workload.ListHistory;
        var serializable = StrictSerializabilityChecker.Check(lists);
        Expect(serializable.IsStrictlySerializable, $"{ByHistory}{serializable}");
        var linearizable = LinearizabilityChecker.Check(simulation.Workload.TillHistory, new AccountModel());
        Expect(linearizable.Verdict == LinearizabilityVerdict.Linearizable, $"{ByHistory}{linearizable}");
        var totals = simulation.Workload.Totals.Distinct().ToArray();
        Expect(totals is [Simulation.Money], $"{ByHistory}the tills held {string.Join(", ", totals)} in all; {Simulation.Money} were put in");
        CheckExactlyOnce(lists);
    }

    private void CheckExactlyOnce(History<ListTransaction, ListTransaction> history)
    {
        var final = history.Operations[^1].Return!.Operations.SelectMany(read => read.Seen ?? []).ToLookup(value => value);
        foreach (var operation in history.Operations)
        {
            var counts = operation.Call.Operations.Where(o => !o.IsRead).Select(o => final[o.Appended!.Value].Count()).Distinct().ToArray();
            var isRight = operation.Completion switch
            {
                Completion.Ok => counts is [] or [1],
                Completion.Fail => counts is [] or [0],
                _ => counts is [] or [0] or [1],
            };
            Expect(isRight, $"{ByHistory}the appends of {operation} are there {string.Join(" or ", counts)} times");
        }
    }

    private void CheckNothingIsLeft(SimulatedOwner owner)
    {
        var state = owner.Machine.State;
        Expect(state.Prepared.Count == 0, $"partition {owner.Id} still has prepared {string.Join(", ", state.Prepared.Keys)}");
        Expect(state.Decided.Count == 0, $"partition {owner.Id} still remembers the decisions {string.Join(", ", state.Decided.Keys)}");
        foreach (var head in state.Streams.All.Where(head => head.Hot is { IsFree: false }))
            Expect(false, $"'{head.Name}' is still locked by {head.Hot!.Owner}, {head.Hot.Waiting?.Count ?? 0} wait");
    }

    /// <summary>The owner's state, a replay of everything and a recovery from the recovery point are the same, and so are the folds.</summary>
    private void CheckRecovery(SimulatedOwner owner)
    {
        var live = Describe(owner.Machine.State);
        var scratch = new PartitionState(Simulation.Window);
        var replay = new Replay(scratch);
        foreach (var entry in simulation.JournalOf(owner.Id)!.Entries)
            replay.Apply(entry, default);
        Expect(Describe(scratch) == live, $"partition {owner.Id} is, replayed:\n{Describe(scratch)}\nlive:\n{live}");
        foreach (var head in scratch.Streams.All.Where(head => head.Version > 0))
        {
            var model = simulation.Model.Aggregate(head.Name.StartsWith("list", StringComparison.Ordinal) ? typeof(Listing) : typeof(Till));
            var view = new StreamView(head.Version, head.Last, head.Snapshot, head.SnapshotVersion, null);
            var folds = new[] { owner.Fold(head.Name, view, model), owner.Fold(head.Name, view with { SnapshotVersion = 0, Snapshot = default }, model) };
            var known = owner.Machine.State.Streams.Find(head.Name)?.Hot is { IsLoaded: true } hot ? hot.State : folds[0];
            Expect(Text(model, folds[0]) == Text(model, known) && Text(model, folds[1]) == Text(model, known),
                $"'{head.Name}' folds to {Text(model, folds[0])} with its snapshot, to {Text(model, folds[1])} without, and is {Text(model, known)}");
        }
        owner.Stop(new DaybookException(ErrorCode.Closed, "The simulation is over."));
        var recovered = Describe(simulation.Recover(owner.Id));
        Expect(recovered == live, $"partition {owner.Id} is, recovered:\n{recovered}\nlive:\n{live}");
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
            simulation.Broken(otherwise);
    }

    private static string Describe(PartitionState state) => string.Join('\n',
        state.Streams.All.Where(head => head.Version > 0).OrderBy(head => head.Name, StringComparer.Ordinal)
            .Select(head => $"{head.Name} {head.Version} at {head.Last}, snapshot {head.SnapshotVersion} at {head.Snapshot}")
            .Concat(state.Commands.InOrder().Select(command => $"{command.Key} at {command.Value}"))
            .Concat(state.Prepared.Values.Select(prepared => $"prepared {prepared.Id} at {prepared.At}"))
            .Concat(state.Decided.Select(decided => $"decided {decided.Key}")));

    private static string Text(AggregateModel model, object? kept) =>
        model.Form.Open(kept) is Listing listing ? string.Join(' ', listing.Values) : $"{model.Form.Open(kept)}";
}

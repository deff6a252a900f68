using System.Collections.Immutable;

namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>The committed states of a set of lists, one for each commit, and the appends of running transactions.</summary>
internal sealed class SimulatedListStore(ListFault fault, Random random)
{
    private readonly List<ImmutableDictionary<string, ImmutableList<long>>> _states = [ImmutableDictionary<string, ImmutableList<long>>.Empty];

    public ListFault Fault { get; } = fault;

    public int Now => _states.Count - 1;

    /// <summary>The appends that running transactions have made, for dirty reads.</summary>
    public List<(string Key, long Value)> Uncommitted { get; } = [];

    public ImmutableList<long> ListAt(int time, string key) => _states[time].GetValueOrDefault(key, []);

    public bool HasChanged(string key, int since) => !ReferenceEquals(ListAt(since, key), ListAt(Now, key));

    public SimulatedTransaction Begin(bool isReadOnly)
    {
        var behind = isReadOnly && Fault == ListFault.StaleRead ? random.Next(4) : 0;
        return new SimulatedTransaction(this, Math.Max(0, Now - behind), isReadOnly);
    }

    public void Commit(IReadOnlyList<(string Key, long Value)> appends)
    {
        var lost = Fault == ListFault.LostLeg && appends.Count > 1 && random.Next(5) == 0 ? random.Next(appends.Count) : -1;
        var state = _states[^1];
        for (var i = 0; i < appends.Count; i++)
        {
            var isDoubled = Fault == ListFault.DoubleAppend && random.Next(10) == 0;
            for (var copies = i == lost ? 0 : isDoubled ? 2 : 1; copies > 0; copies--) state = Appended(state, appends[i].Key, appends[i].Value);
        }
        _states.Add(state);
        if (Fault == ListFault.LostCommit && random.Next(20) == 0) _states.Add(_states[^2]);
    }

    public void Overwrite(int snapshot, IEnumerable<(string Key, long Value)> appends)
    {
        var before = _states[snapshot];
        var written = appends.Aggregate(before, (state, append) => Appended(state, append.Key, append.Value));
        _states.Add(_states[^1].SetItems(written.Where(list => !ReferenceEquals(list.Value, before.GetValueOrDefault(list.Key)))));
    }

    private static ImmutableDictionary<string, ImmutableList<long>> Appended(
        ImmutableDictionary<string, ImmutableList<long>> state, string key, long value) =>
        state.SetItem(key, state.GetValueOrDefault(key, []).Add(value));
}

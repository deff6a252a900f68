using Daybook.Testing.Histories.Serializability;

namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>
/// Optimistic concurrency control: reads come from the snapshot of the beginning, and the commit checks that what was read has not changed,
/// so
/// the whole transaction happens at the instant of its commit; one that appends nothing happens at its beginning.
/// </summary>
internal sealed class SimulatedTransaction
{
    private readonly SimulatedListStore _store;
    private readonly int _snapshot;
    private readonly HashSet<string> _read = [];
    private readonly List<(string Key, long Value)> _appends = [];

    public SimulatedTransaction(SimulatedListStore store, int snapshot, bool isReadOnly) => (_store, _snapshot, IsReadOnly) = (store, snapshot, isReadOnly);

    public bool IsReadOnly { get; }

    public ListOperation Do(ListOperation operation)
    {
        if (operation.Appended is { } value)
        {
            _appends.Add((operation.Key, value));
            _store.Uncommitted.Add((operation.Key, value));
            return operation;
        }
        _read.Add(operation.Key);
        var time = _store.Fault is ListFault.ReadSkew or ListFault.DirtyRead ? _store.Now : _snapshot;
        var others = _store.Fault == ListFault.DirtyRead ? _store.Uncommitted.Except(_appends) : [];
        return ListOperation.Read(operation.Key,
            _store.ListAt(time, operation.Key).Concat(others.Concat(_appends).Where(a => a.Key == operation.Key).Select(a => a.Value)));
    }

    public void Abort() => _store.Uncommitted.RemoveAll(_appends.Contains);

    public bool CanCommit() => IsReadOnly || _store.Fault switch
    {
        ListFault.LostUpdate or ListFault.ReadSkew or ListFault.DirtyRead => true,
        ListFault.WriteSkew => !_appends.Any(a => _store.HasChanged(a.Key, _snapshot)),
        _ => !_read.Any(key => _store.HasChanged(key, _snapshot)),
    };

    /// <summary>Applies the appends, atomically in a correct store.</summary>
    public IEnumerable<Pause> Commit()
    {
        Abort();
        if (_store.Fault == ListFault.TornCommit)
        {
            foreach (var append in _appends)
            {
                _store.Commit([append]);
                yield return default;
            }
        }
        else if (_store.Fault == ListFault.LostUpdate) _store.Overwrite(_snapshot, _appends);
        else if (_appends.Count > 0) _store.Commit(_appends);
    }
}

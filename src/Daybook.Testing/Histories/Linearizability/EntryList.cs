namespace Daybook.Testing.Histories.Linearizability;

/// <summary>
/// The calls and returns of completed operations in order of time, as a doubly linked list out of which an operation can be lifted and put
/// back in O(1). Entry i is the call of operation i, entry count + i its return.
/// </summary>
internal sealed class EntryList
{
    private readonly int _count;
    private readonly int[] _next;
    private readonly int[] _previous;

    public EntryList(IReadOnlyList<(LogicalTime Invoked, LogicalTime Completed)> operations)
    {
        _count = operations.Count;
        _next = new int[2 * _count + 1];
        _previous = new int[2 * _count + 1];
        var calls = operations.Select((o, i) => (Time: o.Invoked, IsReturn: false, Entry: i));
        var returns = operations.Select((o, i) => (Time: o.Completed, IsReturn: true, Entry: _count + i));
        var last = Head;
        foreach (var (_, _, entry) in calls.Concat(returns).OrderBy(e => e.Time).ThenBy(e => e.IsReturn))
        {
            (_next[last], _previous[entry]) = (entry, last);
            last = entry;
        }
        (_next[last], _previous[Head]) = (Head, last);
    }

    /// <summary>The first entry; a call, unless the list is empty.</summary>
    public int First => _next[Head];

    /// <summary>The operation that has to be linearized before anything invoked after its return; the list must not be empty.</summary>
    public int FirstToReturn
    {
        get
        {
            var entry = First;
            while (IsCall(entry)) entry = _next[entry];
            return entry - _count;
        }
    }

    private int Head => 2 * _count;

    public int Next(int entry) => _next[entry];

    public bool IsCall(int entry) => entry < _count;

    public void Lift(int operation)
    {
        Unlink(operation);
        Unlink(_count + operation);
    }

    /// <summary>Undoes <see cref="Lift"/>; operations are put back in the reverse order of lifting.</summary>
    public void PutBack(int operation)
    {
        Relink(_count + operation);
        Relink(operation);
    }

    private void Unlink(int entry)
    {
        _next[_previous[entry]] = _next[entry];
        _previous[_next[entry]] = _previous[entry];
    }

    private void Relink(int entry)
    {
        _next[_previous[entry]] = entry;
        _previous[_next[entry]] = entry;
    }
}

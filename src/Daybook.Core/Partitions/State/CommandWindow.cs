using Daybook.Core.Records;

namespace Daybook.Core.Partitions.State;

/// <summary>
/// The last commands of a partition and where their records stand, in the order of the records: what makes a retry find its first outcome
/// (must-hold J5). Bounded by count, so the same journal always gives the same window, after a restart too.
/// </summary>
internal sealed class CommandWindow(int capacity)
{
    private readonly Dictionary<Guid, Location> _records = [];
    private KeyValuePair<Guid, Location>[] _order = new KeyValuePair<Guid, Location>[Math.Min(capacity, 1024)];
    private int _oldest;
    private bool _isFilling;

    public int Count { get; private set; }

    public Location? Find(CommandId id) => _records.TryGetValue(id.Value, out var location) ? location : null;

    public void Add(CommandId id, Location location)
    {
        if (!_isFilling && !_records.TryAdd(id.Value, location))
            return;
        if (Count == capacity)
            DropOldest();
        else if (Count == _order.Length)
            Grow();
        _order[(_oldest + Count++) % _order.Length] = new(id.Value, location);
    }

    /// <summary>Commands will be added in bulk, each once, and looked up only after <see cref="EndFilling"/>: most of a long journal's never are.</summary>
    public void BeginFilling() => _isFilling = true;

    /// <summary>Makes what was added in bulk findable.</summary>
    public void EndFilling()
    {
        _isFilling = false;
        _records.EnsureCapacity(Count);
        foreach (var (id, location) in InOrder())
            _records[id] = location;
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<KeyValuePair<Guid, Location>> InOrder()
    {
        for (var i = 0; i < Count; i++)
            yield return _order[(_oldest + i) % _order.Length];
    }

    private void DropOldest()
    {
        if (!_isFilling)
            _records.Remove(_order[_oldest].Key);
        _oldest = (_oldest + 1) % _order.Length;
        Count--;
    }

    private void Grow()
    {
        var larger = new KeyValuePair<Guid, Location>[Math.Min(capacity, _order.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = _order[(_oldest + i) % _order.Length];
        _order = larger;
        _oldest = 0;
    }
}

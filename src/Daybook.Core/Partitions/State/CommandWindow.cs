using Daybook.Core.Records;

namespace Daybook.Core.Partitions.State;

/// <summary>
/// The last commands of a partition and where their records stand, in the order of the records: what makes a retry find its first outcome
/// (must-hold J5). Bounded by count, so the same journal always gives the same window, after a restart too.
/// </summary>
internal sealed class CommandWindow(int capacity)
{
    private readonly Dictionary<Guid, Location> _records = [];
    private Guid[] _order = new Guid[Math.Min(capacity, 1024)];
    private int _oldest;

    public int Count { get; private set; }

    public Location? Find(CommandId id) => _records.TryGetValue(id.Value, out var location) ? location : null;

    public void Add(CommandId id, Location location)
    {
        if (!_records.TryAdd(id.Value, location))
            return;
        if (Count == capacity)
            _records.Remove(TakeOldest());
        else if (Count == _order.Length)
            Grow();
        _order[(_oldest + Count++) % _order.Length] = id.Value;
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<KeyValuePair<Guid, Location>> InOrder()
    {
        for (var i = 0; i < Count; i++)
        {
            var id = _order[(_oldest + i) % _order.Length];
            yield return new(id, _records[id]);
        }
    }

    private Guid TakeOldest()
    {
        var id = _order[_oldest];
        _oldest = (_oldest + 1) % _order.Length;
        Count--;
        return id;
    }

    private void Grow()
    {
        var larger = new Guid[Math.Min(capacity, _order.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = _order[(_oldest + i) % _order.Length];
        _order = larger;
        _oldest = 0;
    }
}

using Daybook.Core.Records;

namespace Daybook.Core.Partitions.State;

/// <summary>
/// The last commands of a partition and where their records stand, in the order of the records: what makes a retry find its first outcome
/// (invariant J5). Bounded by count, so the same journal always gives the same window, after a restart too. Looked into for every command,
/// so it is a ring beside an index of one word a command.
/// </summary>
internal sealed class CommandWindow(int capacity)
{
    private KeyValuePair<Guid, Location>[] _ring = new KeyValuePair<Guid, Location>[Math.Min(capacity, 1024)];
    private RingIndex _index = new(Math.Min(capacity, 1024));
    private int _oldest;
    private bool _isFilling;

    public int Count { get; private set; }

    public Location? Find(CommandId id)
    {
        var hash = RingIndex.Hash(id.Value);
        for (var probe = _index.First(hash); probe.Place >= 0; probe = _index.Next(probe))
        {
            if (_ring[probe.Place].Key == id.Value)
                return _ring[probe.Place].Value;
        }
        return null;
    }

    /// <summary>A command will be looked up soon (<see cref="RingIndex.Prefetch"/>).</summary>
    public void Prefetch(CommandId id) => _index.Prefetch(RingIndex.Hash(id.Value));

    /// <summary>Adds a command that <see cref="Find"/> does not find.</summary>
    public void Add(CommandId id, Location location)
    {
        if (Count == capacity)
            DropOldest();
        else if (Count == _ring.Length)
            Grow();
        var place = (_oldest + Count++) % _ring.Length;
        _ring[place] = new(id.Value, location);
        if (!_isFilling)
            _index.Add(RingIndex.Hash(id.Value), place);
    }

    /// <summary>Commands will be added in bulk, each once, and looked up only after <see cref="EndFilling"/>: most of a long journal's never are.</summary>
    public void BeginFilling() => _isFilling = true;

    /// <summary>Makes what was added in bulk findable.</summary>
    public void EndFilling()
    {
        _isFilling = false;
        Reindex();
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<KeyValuePair<Guid, Location>> InOrder()
    {
        for (var i = 0; i < Count; i++)
            yield return _ring[(_oldest + i) % _ring.Length];
    }

    private void DropOldest()
    {
        if (!_isFilling)
            _index.Remove(RingIndex.Hash(_ring[_oldest].Key), _oldest);
        _oldest = (_oldest + 1) % _ring.Length;
        _index.Prefetch(RingIndex.Hash(_ring[_oldest].Key)); // the next to be dropped
        Count--;
    }

    private void Grow()
    {
        var larger = new KeyValuePair<Guid, Location>[Math.Min(capacity, _ring.Length * 2)];
        _ring.AsSpan(_oldest).CopyTo(larger);
        _ring.AsSpan(0, _oldest).CopyTo(larger.AsSpan(_ring.Length - _oldest));
        (_ring, _oldest) = (larger, 0);
        if (!_isFilling)
            Reindex();
    }

    private void Reindex()
    {
        _index = new RingIndex(_ring.Length);
        for (var i = 0; i < Count; i++)
        {
            var place = (_oldest + i) % _ring.Length;
            _index.Add(RingIndex.Hash(_ring[place].Key), place);
        }
    }
}

namespace Daybook.Bookie.Storage;

/// <summary>A sorted index of a ledger's entries and their locations, 20 bytes each. Appending in order is cheapest; any order is
/// correct.</summary>
internal sealed class EntryIndex
{
    private const int ChunkSize = 1024;

    private readonly List<Chunk> _chunks = [];

    public long Count { get; private set; }

    /// <summary>The highest entry; <see cref="EntryId.None"/> when there is none.</summary>
    public EntryId Last => _chunks.Count == 0 ? EntryId.None : new EntryId(_chunks[^1].LastId);

    public bool TryFind(EntryId entry, out RecordLocation location)
    {
        location = default;
        if (_chunks.Count == 0)
            return false;
        var chunk = _chunks[ChunkOf(entry.Value)];
        var at = chunk.Find(entry.Value);
        if (at < 0)
            return false;
        location = chunk.At(at);
        return true;
    }

    /// <summary>Adds an entry.</summary>
    /// <returns>Its previous location, if it had one.</returns>
    public RecordLocation? Set(EntryId entry, RecordLocation location)
    {
        if (_chunks.Count == 0 || (entry > Last && _chunks[^1].Count == ChunkSize))
            _chunks.Add(new Chunk(_chunks.Count == 0 ? 4 : ChunkSize));
        var index = entry > Last ? _chunks.Count - 1 : ChunkOf(entry.Value);
        var chunk = _chunks[index];
        var at = chunk.Find(entry.Value);
        if (at >= 0)
        {
            var before = chunk.At(at);
            chunk.Put(at, entry.Value, location);
            return before;
        }
        at = ~at;
        if (chunk.Count == ChunkSize)
        {
            _chunks.Insert(index + 1, chunk.Split());
            if (at > chunk.Count)
                (chunk, at) = (_chunks[index + 1], at - chunk.Count);
        }
        chunk.Insert(at, entry.Value, location);
        Count++;
        return null;
    }

    /// <summary>All entries, ascending. The index must not change during the enumeration.</summary>
    public IEnumerable<(EntryId Entry, RecordLocation Location)> All()
    {
        foreach (var chunk in _chunks)
            for (var i = 0; i < chunk.Count; i++)
                yield return (new EntryId(chunk.Id(i)), chunk.At(i));
    }

    /// <summary>The last chunk that begins at or before the entry, else the first.</summary>
    private int ChunkOf(long entry)
    {
        var (low, high) = (0, _chunks.Count - 1);
        if (_chunks[high].FirstId <= entry)
            return high;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_chunks[middle].FirstId <= entry)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private sealed class Chunk(int capacity)
    {
        private long[] _ids = new long[capacity];
        private ulong[] _locations = new ulong[capacity];
        private int[] _lengths = new int[capacity];

        public int Count { get; private set; }

        public long FirstId => Count == 0 ? long.MaxValue : _ids[0];

        public long LastId => Count == 0 ? -1 : _ids[Count - 1];

        public long Id(int at) => _ids[at];

        public RecordLocation At(int at) => new(_locations[at], _lengths[at]);

        /// <summary>The position of the entry, or the complement of the position where it belongs.</summary>
        public int Find(long entry)
        {
            if (Count == 0 || entry > _ids[Count - 1])
                return ~Count;
            var guess = entry - _ids[0];
            return guess >= 0 && guess < Count && _ids[guess] == entry ? (int)guess : Array.BinarySearch(_ids, 0, Count, entry);
        }

        public void Put(int at, long entry, RecordLocation location) => (_ids[at], _locations[at], _lengths[at]) = (entry, location.Packed, location.Length);

        public void Insert(int at, long entry, RecordLocation location)
        {
            if (Count == _ids.Length)
                Resize(Math.Min(2 * Count, ChunkSize));
            Move(_ids, at);
            Move(_locations, at);
            Move(_lengths, at);
            Count++;
            Put(at, entry, location);
        }

        /// <summary>Splits off the upper half.</summary>
        public Chunk Split()
        {
            var half = Count / 2;
            var upper = new Chunk(ChunkSize) { Count = Count - half };
            Array.Copy(_ids, half, upper._ids, 0, upper.Count);
            Array.Copy(_locations, half, upper._locations, 0, upper.Count);
            Array.Copy(_lengths, half, upper._lengths, 0, upper.Count);
            Count = half;
            return upper;
        }

        private void Move<T>(T[] values, int at) => Array.Copy(values, at, values, at + 1, Count - at);

        private void Resize(int capacity)
        {
            Array.Resize(ref _ids, capacity);
            Array.Resize(ref _locations, capacity);
            Array.Resize(ref _lengths, capacity);
        }
    }
}

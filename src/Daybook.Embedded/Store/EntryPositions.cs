using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store;

/// <summary>
/// Where the entries of one ledger in the segment being written are. One thread adds; others may read what was added before they see its
/// end.
/// </summary>
internal sealed class EntryPositions
{
    private const int ChunkSize = 256;
    private EntryPosition[][] _chunks = [];
    private int _count;

    public int Count => _count;

    public EntryPosition this[int index] => Volatile.Read(ref _chunks)[index / ChunkSize][index % ChunkSize];

    public void Add(EntryPosition position)
    {
        var chunk = _count / ChunkSize;
        if (chunk == _chunks.Length)
            Volatile.Write(ref _chunks, [.. _chunks, new EntryPosition[ChunkSize]]);
        _chunks[chunk][_count % ChunkSize] = position;
        _count++;
    }

    public IEnumerable<EntryPosition> All()
    {
        for (var i = 0; i < _count; i++)
            yield return this[i];
    }
}

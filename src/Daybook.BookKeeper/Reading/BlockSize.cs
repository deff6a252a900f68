namespace Daybook.BookKeeper.Reading;

/// <summary>How many entries one request asks for, so that what is in flight stays within bounds: few at first, more as their size becomes known.</summary>
internal sealed class BlockSize(int maxCount, long maxBytes)
{
    private const int First = 16;

    /// <summary>What an entry costs beyond its bytes, in a frame and here.</summary>
    private const int Overhead = 64;

    private int _count = Math.Min(First, maxCount);

    /// <summary>How many entries to ask for.</summary>
    public int Count => _count;

    /// <summary>Entries came: the largest of them determines how many more are safe; growth is by doubling.</summary>
    public void Learn(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var largest = 0;
        for (var i = 0; i < entries.Count; i++)
            largest = Math.Max(largest, entries[i].Length);
        var fitting = Math.Clamp(maxBytes / (largest + Overhead), 1, maxCount);
        _count = (int)Math.Min(fitting, _count * 2L);
    }
}

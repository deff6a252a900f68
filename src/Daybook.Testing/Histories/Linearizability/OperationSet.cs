using System.Numerics;

namespace Daybook.Testing.Histories.Linearizability;

/// <summary>
/// A bit set over operations that fills up from below: a snapshot leaves out the words that are full at the front and empty at the back,
/// so its size follows concurrency and not the length of the history.
/// </summary>
internal sealed class OperationSet(int capacity)
{
    private readonly ulong[] _words = new ulong[(capacity + 63) / 64];
    private int _full;
    private int _end;

    public bool Contains(int item) => (_words[item >> 6] & Bit(item)) != 0;

    public void Add(int item)
    {
        _words[item >> 6] |= Bit(item);
        _end = Math.Max(_end, (item >> 6) + 1);
        while (_full < _words.Length && _words[_full] == ulong.MaxValue) _full++;
    }

    public void Remove(int item)
    {
        _words[item >> 6] &= ~Bit(item);
        _full = Math.Min(_full, item >> 6);
        while (_end > 0 && _words[_end - 1] == 0) _end--;
    }

    /// <summary>
    /// The number of full words at the front, then the words up to the last one that is not empty. Equal sets have equal snapshots.
    /// </summary>
    public ulong[] Snapshot() => [(ulong)_full, .. _words.AsSpan(_full, Math.Max(0, _end - _full))];

    /// <summary>The words up to the last one that is not empty.</summary>
    public ulong[] ToWords() => _words[.._end];

    private static ulong Bit(int item) => BitOperations.RotateLeft(1UL, item);
}

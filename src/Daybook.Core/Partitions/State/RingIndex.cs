using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Daybook.Core.Partitions.State;

/// <summary>
/// Finds places of a ring by the hash of what stands there: open addressing with linear probing, at most half full. A slot holds hash and
/// place, so neither a miss nor a removal looks at the ring.
/// </summary>
internal sealed class RingIndex
{
    private static readonly ulong s_seed = (ulong)HashCode.Combine(0) << 32 | 0x9E3779B1;
    private readonly ulong[] _slots; // hash << 32 | place + 1; 0 when empty
    private readonly int _shift;

    public RingIndex(int places)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)places * 2);
        _slots = new ulong[size];
        _shift = 32 - BitOperations.Log2(size);
    }

    /// <summary>Where a search stands.</summary>
    /// <param name="Hash">What is searched for.</param>
    /// <param name="Slot">The slot looked at.</param>
    /// <param name="Place">A place whose key has that hash; -1 when there is none any more.</param>
    public readonly record struct Probe(uint Hash, int Slot, int Place);

    /// <summary>Depends on a seed of the process: ids come from clients, which must not be able to choose what collides.</summary>
    public static uint Hash(Guid id)
    {
        var words = MemoryMarshal.Cast<Guid, ulong>(new ReadOnlySpan<Guid>(in id));
        var mixed = (words[0] ^ s_seed) * 0x9E3779B97F4A7C15 ^ words[1];
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
        return (uint)(mixed >> 32);
    }

    public Probe First(uint hash) => Search(hash, (int)(hash >> _shift));

    public Probe Next(Probe probe) => Search(probe.Hash, (probe.Slot + 1) & (_slots.Length - 1));

    /// <summary>Has the processor fetch the slot of a hash that will be looked at soon. A look at an index of millions is a wait for memory
    /// each time; this one overlaps with other work. Does nothing where the processor has no such instruction.</summary>
    public unsafe void Prefetch(uint hash)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots[(int)(hash >> _shift)])); // the array may move: the address is a hint, nothing reads it
    }

    public void Add(uint hash, int place)
    {
        var slot = (int)(hash >> _shift);
        while (_slots[slot] != 0)
            slot = (slot + 1) & (_slots.Length - 1);
        _slots[slot] = Word(hash, place);
    }

    /// <summary>Removes what was added, and closes the gap.</summary>
    public void Remove(uint hash, int place)
    {
        var word = Word(hash, place);
        var gap = (int)(hash >> _shift);
        while (_slots[gap] != word)
            gap = (gap + 1) & (_slots.Length - 1);
        for (var next = (gap + 1) & (_slots.Length - 1); _slots[next] != 0; next = (next + 1) & (_slots.Length - 1))
        {
            var home = (int)((uint)(_slots[next] >> 32) >> _shift);
            if (((next - home) & (_slots.Length - 1)) < ((next - gap) & (_slots.Length - 1)))
                continue;
            _slots[gap] = _slots[next];
            gap = next;
        }
        _slots[gap] = 0;
    }

    private static ulong Word(uint hash, int place) => ((ulong)hash << 32) | (uint)(place + 1);

    private Probe Search(uint hash, int slot)
    {
        for (ulong word; (word = _slots[slot]) != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if ((uint)(word >> 32) == hash)
                return new Probe(hash, slot, (int)(uint)word - 1);
        }
        return new Probe(hash, slot, -1);
    }
}

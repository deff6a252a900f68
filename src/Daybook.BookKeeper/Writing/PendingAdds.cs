using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Writing;

/// <summary>An entry that is not acknowledged to its writer yet.</summary>
internal struct PendingAdd
{
    /// <summary>The user's bytes.</summary>
    public ReadOnlyMemory<byte> Payload;

    /// <summary>The bytes of all payloads up to and with this one.</summary>
    public long Length;

    /// <summary>Header and digest, sealed when the entry is first sent. The buffer stays with the slot.</summary>
    public byte[] Head;

    /// <summary>The bookies that have it.</summary>
    public AckSet Acks;
}

/// <summary>The entries that are not acknowledged, first to last, in a ring that grows and whose slots are used again.</summary>
internal sealed class PendingAdds(int headSize)
{
    private const int InitialSlots = 64;

    // As many as writers have under way that keep the defaults; a larger backlog leaves no memory behind.
    private const int KeptSlots = 8192;
    private PendingAdd[] _slots = new PendingAdd[InitialSlots];

    /// <summary>The first that is not acknowledged.</summary>
    public EntryId First { get; private set; } = EntryId.None.Next;

    /// <summary>The id of the entry that is appended next.</summary>
    public EntryId Next { get; private set; } = EntryId.None.Next;

    public bool IsEmpty => First == Next;

    /// <summary>A pending entry; the reference is good until the next <see cref="Append"/>.</summary>
    public ref PendingAdd this[EntryId entry] => ref _slots[entry.Value & (_slots.Length - 1)];

    public void Append(ReadOnlyMemory<byte> payload, long length)
    {
        if (Next.Value - First.Value == _slots.Length)
            Grow();
        ref var add = ref this[Next];
        (add.Payload, add.Length) = (payload, length);
        add.Head ??= new byte[headSize];
        Next = Next.Next;
    }

    public void RemoveFirst()
    {
        this[First].Payload = default;
        First = First.Next;
        if (IsEmpty && _slots.Length > KeptSlots)
            Clear();
    }

    /// <summary>Lets go of all buffers.</summary>
    public void Clear()
    {
        First = Next;
        _slots = new PendingAdd[InitialSlots];
    }

    private void Grow()
    {
        var larger = new PendingAdd[_slots.Length * 2];
        for (var entry = First; entry < Next; entry = entry.Next)
            larger[entry.Value & (larger.Length - 1)] = this[entry];
        _slots = larger;
    }
}

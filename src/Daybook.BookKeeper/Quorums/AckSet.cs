using System.Numerics;

namespace Daybook.BookKeeper.Quorums;

/// <summary>Which copies of one entry are acknowledged. An answer counts once, and only from a bookie that is in the write set now.</summary>
internal struct AckSet(WriteSet copies, int ackQuorum)
{
    private ulong _acknowledged;

    /// <summary>True once Qa distinct bookies have the entry; false again when one of them was replaced (invariant L12).</summary>
    public readonly bool IsComplete => BitOperations.PopCount(_acknowledged) >= ackQuorum;

    /// <summary>A bookie has the entry; positions outside the write set are ignored.</summary>
    public void Acknowledge(int position) => _acknowledged |= Bit(position);

    /// <summary>The bookie at a position was replaced: what the old one acknowledged counts no more.</summary>
    /// <returns>True when the entry must be sent to the new one.</returns>
    public bool Replace(int position)
    {
        _acknowledged &= ~Bit(position);
        return Bit(position) != 0;
    }

    /// <summary>True when a position of the write set has not acknowledged the entry; false for positions outside it.</summary>
    public readonly bool Lacks(int position) => (Bit(position) & ~_acknowledged) != 0;

    private readonly ulong Bit(int position) => copies.CopyAt(position) is >= 0 and var copy ? 1UL << copy : 0;
}

using System.Numerics;

namespace Daybook.BookKeeper.Quorums;

/// <summary>What a recovering client may conclude about an entry.</summary>
internal enum SearchVerdict
{
    /// <summary>More answers are needed.</summary>
    Open,

    /// <summary>A bookie has it: it must be recovered.</summary>
    Found,

    /// <summary>Enough bookies lack it that it cannot have been acknowledged and never will be.</summary>
    Absent,

    /// <summary>Neither can be reached any more: the recovery must fail and leave the ledger as it is.</summary>
    Undecidable,
}

/// <summary>
/// Gathers the answers of a write set's bookies about one entry during recovery (invariants L6, L7). Only explicit negatives count; silence
/// and errors never do; one positive decides, however many negatives came before it.
/// </summary>
internal struct EntrySearch(WriteSet copies, QuorumSizes sizes)
{
    private ulong _absent;
    private ulong _failed;
    private bool _found;

    /// <summary>What follows from the answers so far.</summary>
    public readonly SearchVerdict Verdict => this switch
    {
        { _found: true } => SearchVerdict.Found,
        _ when BitOperations.PopCount(_absent) >= sizes.Negatives => SearchVerdict.Absent,
        _ when BitOperations.PopCount(_failed) == sizes.Write - BitOperations.PopCount(_absent) => SearchVerdict.Undecidable,
        _ => SearchVerdict.Open,
    };

    /// <summary>A bookie of the write set gave the entry, and its digest is right.</summary>
    public void Found() => _found = true;

    /// <summary>The bookie at a position denied the entry or the ledger.</summary>
    public void Absent(int position) => (_absent, _failed) = (_absent | Bit(position), _failed & ~Bit(position));

    /// <summary>The bookie at a position gave no answer, a damaged entry, or another error.</summary>
    public void Failed(int position) => _failed |= Bit(position) & ~_absent;

    private readonly ulong Bit(int position) => copies.CopyAt(position) is >= 0 and var copy ? 1UL << copy : 0;
}

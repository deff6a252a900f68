using Daybook.Core.Records;

namespace Daybook.Core.Journals;

/// <summary>
/// How a journal is taken over, as a pure state machine: raise the epoch by compare-and-set, recover (fence) the last ledger, create the
/// next, put it into the list by compare-and-set, and only then write (design §1, must-hold J2, J3, F1, F3). Feed it what happened; it
/// says what to do next.
/// </summary>
internal sealed class TakeoverMachine(Epoch leaseEpoch)
{
    private JournalRecord _record = new();
    private long? _version;
    private JournalLedger? _emptied;
    private LedgerId? _created;

    public static TakeoverEffect Start { get; } = new TakeoverEffect.ReadRecord();

    /// <summary>The record was read; null when the journal is new.</summary>
    public TakeoverEffect RecordRead(JournalRecord? record, long version)
    {
        _version = record is null ? null : version;
        _record = record ?? _record;
        var epoch = _record.Epoch >= leaseEpoch ? _record.Epoch.Next : leaseEpoch;
        _record = _record with { Epoch = epoch };
        return new TakeoverEffect.WriteRecord(_record, _version);
    }

    /// <summary>The raised epoch stands: nobody with a lower one can change the list any more.</summary>
    public TakeoverEffect EpochRaised(long version)
    {
        _version = version;
        return _record.Ledgers is [.., var last]
            ? new TakeoverEffect.RecoverLedger(last)
            : new TakeoverEffect.CreateLedger();
    }

    /// <summary>The last ledger is fenced and closed.</summary>
    /// <param name="lastFrame">The frame of its last entry; null when it is empty.</param>
    public TakeoverEffect LedgerRecovered(EntryFrame? lastFrame)
    {
        var last = _record.Ledgers[^1];
        if (lastFrame is null)
            _emptied = last;
        else if (lastFrame.Value.Epoch >= _record.Epoch)
            _record = _record with { Epoch = lastFrame.Value.Epoch.Next };
        Next = lastFrame?.Next ?? last.First;
        return new TakeoverEffect.CreateLedger();
    }

    /// <summary>The next ledger exists but nobody knows of it yet.</summary>
    public TakeoverEffect LedgerCreated(LedgerId ledger)
    {
        _created = ledger;
        var kept = _record.Ledgers.Where(x => x != _emptied);
        _record = _record with { Ledgers = [.. kept, new JournalLedger(ledger, Next)] };
        return new TakeoverEffect.WriteRecord(_record, _version);
    }

    /// <summary>The list names the new ledger: this owner may write.</summary>
    public TakeoverEffect LedgerListed(long version) =>
        new TakeoverEffect.Done(_record, version, Next, _emptied?.Id);

    /// <summary>Somebody else changed the record: whatever was created is garbage, and this owner stops.</summary>
    public TakeoverEffect WriteLost() => new TakeoverEffect.StepDown(_created);

    /// <summary>The offset the next record will have.</summary>
    public JournalOffset Next { get; private set; }
}

/// <summary>What a takeover asks its driver to do.</summary>
internal abstract record TakeoverEffect
{
    public sealed record ReadRecord : TakeoverEffect;

    /// <param name="Record">The new content.</param>
    /// <param name="ExpectedVersion">The version it replaces; null to create it.</param>
    public sealed record WriteRecord(JournalRecord Record, long? ExpectedVersion) : TakeoverEffect;

    public sealed record RecoverLedger(JournalLedger Ledger) : TakeoverEffect;

    public sealed record CreateLedger : TakeoverEffect;

    /// <param name="Orphan">A ledger to delete, if one was created.</param>
    public sealed record StepDown(LedgerId? Orphan) : TakeoverEffect;

    /// <param name="Record">As it stands now.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="Next">The offset of the next record.</param>
    /// <param name="Emptied">An empty ledger that left the list and can be deleted.</param>
    public sealed record Done(JournalRecord Record, long Version, JournalOffset Next, LedgerId? Emptied) : TakeoverEffect;
}

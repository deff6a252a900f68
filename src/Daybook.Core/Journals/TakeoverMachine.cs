using Daybook.Core.Records;

namespace Daybook.Core.Journals;

/// <summary>
/// How a journal is taken over, as a pure state machine: raise the epoch by compare-and-set, recover (fence) the last ledger, create the
/// next, put it into the list by compare-and-set, and only then write (design §1, invariants J2, J3, F1, F3). Feed it what happened; it
/// returns the next effect.
/// </summary>
internal sealed class TakeoverMachine(Epoch leaseEpoch)
{
    private JournalManifest _manifest = new();
    private long? _version;
    private JournalLedger? _emptied;
    private LedgerId? _created;

    public static TakeoverEffect Start { get; } = new TakeoverEffect.ReadManifest();

    /// <summary>The record was read; null when the journal is new.</summary>
    public TakeoverEffect ManifestRead(JournalManifest? manifest, long version)
    {
        _version = manifest is null ? null : version;
        _manifest = manifest ?? _manifest;
        var epoch = _manifest.Epoch >= leaseEpoch ? _manifest.Epoch.Next : leaseEpoch;
        _manifest = _manifest with { Epoch = epoch };
        return new TakeoverEffect.WriteManifest(_manifest, _version);
    }

    /// <summary>The raised epoch stands: nobody with a lower one can change the list any more.</summary>
    public TakeoverEffect EpochRaised(long version)
    {
        _version = version;
        return _manifest.Ledgers is [.., var last]
            ? new TakeoverEffect.RecoverLedger(last)
            : Create(null);
    }

    /// <summary>The last ledger is fenced and closed.</summary>
    /// <param name="lastFrame">The frame of its last entry; null when it is empty.</param>
    public TakeoverEffect LedgerRecovered(EntryFrame? lastFrame)
    {
        var last = _manifest.Ledgers[^1];
        if (lastFrame is null)
            _emptied = last;
        else if (lastFrame.Value.Epoch >= _manifest.Epoch)
            _manifest = _manifest with { Epoch = lastFrame.Value.Epoch.Next };
        Next = lastFrame?.Next ?? last.First;
        return Create(_manifest.Ledgers.LastOrDefault(ledger => ledger != _emptied)?.Id);
    }

    /// <summary>The next ledger exists but nobody knows of it yet.</summary>
    public TakeoverEffect LedgerCreated(LedgerId ledger)
    {
        _created = ledger;
        var kept = _manifest.Ledgers.Where(x => x != _emptied);
        _manifest = _manifest with { Ledgers = [.. kept, new JournalLedger(ledger, Next)] };
        return new TakeoverEffect.WriteManifest(_manifest, _version);
    }

    /// <summary>The list names the new ledger: this owner may write.</summary>
    public TakeoverEffect LedgerListed(long version) =>
        new TakeoverEffect.Done(_manifest, version, Next, _emptied?.Id);

    /// <summary>Another owner changed the manifest: the created ledger is garbage, and this owner stops.</summary>
    public TakeoverEffect WriteLost() => new TakeoverEffect.StepDown(_created);

    /// <summary>The offset the next record will have.</summary>
    public JournalOffset Next { get; private set; }

    private TakeoverEffect.CreateLedger Create(LedgerId? previous) => new(_manifest.Epoch, Next, previous);
}

/// <summary>What a takeover asks its driver to do.</summary>
internal abstract record TakeoverEffect
{
    public sealed record ReadManifest : TakeoverEffect;

    /// <param name="Manifest">The new content.</param>
    /// <param name="ExpectedVersion">The version it replaces; null to create it.</param>
    public sealed record WriteManifest(JournalManifest Manifest, long? ExpectedVersion) : TakeoverEffect;

    public sealed record RecoverLedger(JournalLedger Ledger) : TakeoverEffect;

    /// <param name="Epoch">The epoch of the new owner.</param>
    /// <param name="First">The offset of the ledger's first record.</param>
    /// <param name="Previous">The ledger before it; null when it begins the chain.</param>
    public sealed record CreateLedger(Epoch Epoch, JournalOffset First, LedgerId? Previous) : TakeoverEffect;

    /// <param name="Orphan">A ledger to delete, if one was created.</param>
    public sealed record StepDown(LedgerId? Orphan) : TakeoverEffect;

    /// <param name="Manifest">As it stands now.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="Next">The offset of the next record.</param>
    /// <param name="Emptied">An empty ledger that left the list and can be deleted.</param>
    public sealed record Done(JournalManifest Manifest, long Version, JournalOffset Next, LedgerId? Emptied) : TakeoverEffect;
}

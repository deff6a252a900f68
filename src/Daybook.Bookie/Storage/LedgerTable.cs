using System.Buffers.Binary;

namespace Daybook.Bookie.Storage;

/// <summary>
/// The state that results from applying the records of all blocks in order. The same method applies them while the bookie serves and
/// when it starts, so a restart rebuilds the same state (S4).
/// </summary>
internal sealed class LedgerTable
{
    private readonly Dictionary<LedgerId, HeldLedger> _ledgers = [];
    private HashSet<LedgerId>? _listed;

    /// <summary>The generation of the next ledger created.</summary>
    public uint Generation { get; private set; } = 1;

    public Dictionary<LedgerId, LogInfo> Logs { get; } = [];

    public IReadOnlyCollection<HeldLedger> Ledgers => _ledgers.Values;

    public HeldLedger? Find(LedgerId ledger) => _ledgers.GetValueOrDefault(ledger);

    /// <summary>Applies one record.</summary>
    /// <param name="header">The record.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="at">Its location.</param>
    /// <param name="block">The ordinal of its block.</param>
    public void Apply(in RecordHeader header, ReadOnlySpan<byte> payload, RecordLocation at, long block)
    {
        Generation = Math.Max(Generation, header.Generation);
        switch (header.Kind)
        {
            case RecordKind.SnapshotBegin:
                _listed = [];
                break;
            case RecordKind.SnapshotEnd:
                ForgetUnlisted();
                break;
            case RecordKind.Deletion:
                Generation = Math.Max(Generation, header.Generation + 1);
                if (Find(header.Ledger) is { } dead && dead.Generation <= header.Generation)
                    Forget(dead);
                break;
            default:
                if (Meant(header) is { } ledger)
                    Apply(ledger, header, payload, at, block);
                break;
        }
    }

    private void Apply(HeldLedger ledger, in RecordHeader header, ReadOnlySpan<byte> payload, RecordLocation at, long block)
    {
        switch (header.Kind)
        {
            case RecordKind.Ledger:
                ledger.Key = payload.ToArray();
                _listed?.Add(ledger.Id);
                break;
            case RecordKind.Entry:
                Raise(ledger, payload);
                if (ledger.Entries.Set(header.Entry, at) is { } before)
                    Account(before, -before.Bytes);
                Account(at, at.Bytes);
                break;
            case RecordKind.Fence:
                ledger.FencedIn = ledger.IsFenced ? ledger.FencedIn : block;
                ledger.IsFenced = true;
                break;
            case RecordKind.ExplicitLac:
                ledger.ExplicitLac = payload.ToArray();
                ledger.Lac = Max(ledger.Lac, new EntryId(BinaryPrimitives.ReadInt64BigEndian(payload[8..])));
                break;
        }
    }

    private static void Raise(HeldLedger ledger, ReadOnlySpan<byte> entry) =>
        ledger.Lac = Max(ledger.Lac, new EntryId(BinaryPrimitives.ReadInt64BigEndian(entry[16..])));

    private static EntryId Max(EntryId left, EntryId right) => left > right ? left : right;

    /// <summary>The ledger that a record refers to, created if necessary; null for one deleted since.</summary>
    private HeldLedger? Meant(in RecordHeader header)
    {
        var found = Find(header.Ledger);
        if (found is not null && found.Generation > header.Generation)
            return null;
        if (found is not null && found.Generation == header.Generation)
            return found;
        if (found is not null)
            Forget(found);
        return _ledgers[header.Ledger] = new HeldLedger(header.Ledger, header.Generation);
    }

    private void ForgetUnlisted()
    {
        if (_listed is not { } listed)
            return;
        _listed = null;
        foreach (var gone in _ledgers.Values.Where(ledger => !listed.Contains(ledger.Id)).ToList())
            Forget(gone);
    }

    private void Forget(HeldLedger ledger)
    {
        _ledgers.Remove(ledger.Id);
        foreach (var (_, location) in ledger.Entries.All())
            Account(location, -location.Bytes);
    }

    private void Account(RecordLocation at, long bytes)
    {
        if (Logs.TryGetValue(at.Block.Log, out var log))
            log.LiveBytes += bytes;
    }
}

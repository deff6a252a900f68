using static System.Buffers.Binary.BinaryPrimitives;

namespace Daybook.Embedded.Store.Format;

/// <summary>Where a ledger is in its life, according to the log.</summary>
internal enum LedgerStatus
{
    Open = 0,
    Fenced = 1,
    Closed = 2,
    Deleted = 3,
}

/// <summary>A ledger as of some place in the log.</summary>
/// <param name="Status">Never <see cref="LedgerStatus.Deleted"/> in a catalogue.</param>
/// <param name="Last">Its last entry so far.</param>
/// <param name="Metadata">What its creator recorded.</param>
internal readonly record struct CataloguedLedger(LedgerStatus Status, long Last, ReadOnlyMemory<byte> Metadata);

/// <summary>
/// Every ledger that exists as of some place in the log: what replaying the log up to there gives. Pure; the writer of the log moves one along with
/// what it writes, and opening a store replays one.
/// </summary>
internal sealed class LedgerCatalogue
{
    private const int FixedSize = 16;
    private const int LedgerSize = 24;
    private readonly Dictionary<long, CataloguedLedger> _ledgers = [];

    /// <summary>The highest ledger id ever given; ids are never used again.</summary>
    public long LastLedger { get; private set; }

    public IReadOnlyDictionary<long, CataloguedLedger> Ledgers => _ledgers;

    /// <summary>Moves the catalogue over one record.</summary>
    /// <returns>Null, or what is wrong with a record that cannot follow.</returns>
    public string? Apply(RecordKind kind, long ledger, long entry, ReadOnlyMemory<byte> metadata = default)
    {
        if (kind is RecordKind.Catalogue or RecordKind.Footer or RecordKind.Mark)
            return null;
        if (kind == RecordKind.Created)
            return Create(ledger, metadata);
        if (!_ledgers.TryGetValue(ledger, out var found))
            return $"{kind} of ledger {ledger}, which does not exist";
        switch (kind)
        {
            case RecordKind.Entry when found.Status == LedgerStatus.Open && entry == found.Last + 1:
                _ledgers[ledger] = found with { Last = entry };
                return null;
            case RecordKind.Fenced when found.Status != LedgerStatus.Closed:
                _ledgers[ledger] = found with { Status = LedgerStatus.Fenced };
                return null;
            case RecordKind.Closed when found.Status != LedgerStatus.Closed && entry == found.Last:
                _ledgers[ledger] = found with { Status = LedgerStatus.Closed };
                return null;
            case RecordKind.Deleted:
                _ledgers.Remove(ledger);
                return null;
            default:
                return $"{kind} {entry} of ledger {ledger}, which is {found.Status} at entry {found.Last}";
        }
    }

    // 0 last ledger id | 8 count | 12 zero | per ledger, ascending: 0 id | 8 last entry | 16 status | 20 length of metadata
    // then the metadata of the ledgers, in the same order
    public byte[] ToBytes()
    {
        var table = FixedSize + LedgerSize * _ledgers.Count;
        var bytes = new byte[table + _ledgers.Values.Sum(ledger => ledger.Metadata.Length)];
        WriteInt64LittleEndian(bytes, LastLedger);
        WriteInt32LittleEndian(bytes.AsSpan(8), _ledgers.Count);
        var to = bytes.AsSpan(FixedSize);
        var metadata = bytes.AsSpan(table);
        foreach (var (id, ledger) in _ledgers.OrderBy(pair => pair.Key))
        {
            WriteInt64LittleEndian(to, id);
            WriteInt64LittleEndian(to[8..], ledger.Last);
            WriteInt32LittleEndian(to[16..], (int)ledger.Status);
            WriteInt32LittleEndian(to[20..], ledger.Metadata.Length);
            ledger.Metadata.Span.CopyTo(metadata);
            to = to[LedgerSize..];
            metadata = metadata[ledger.Metadata.Length..];
        }
        return bytes;
    }

    /// <summary>Null for bytes that are no catalogue.</summary>
    public static LedgerCatalogue? TryRead(ReadOnlySpan<byte> from)
    {
        if (from.Length < FixedSize)
            return null;
        var count = ReadInt32LittleEndian(from[8..]);
        if (count < 0 || from.Length < FixedSize + (long)LedgerSize * count)
            return null;
        var catalogue = new LedgerCatalogue { LastLedger = ReadInt64LittleEndian(from) };
        var metadata = from[(FixedSize + LedgerSize * count)..];
        for (var (i, at) = (0, FixedSize); i < count; i++, at += LedgerSize)
        {
            var length = ReadInt32LittleEndian(from[(at + 20)..]);
            if (length < 0 || length > metadata.Length)
                return null;
            catalogue._ledgers[ReadInt64LittleEndian(from[at..])] = new CataloguedLedger(
                (LedgerStatus)ReadInt32LittleEndian(from[(at + 16)..]), ReadInt64LittleEndian(from[(at + 8)..]), metadata[..length].ToArray());
            metadata = metadata[length..];
        }
        return metadata.IsEmpty ? catalogue : null;
    }

    private string? Create(long ledger, ReadOnlyMemory<byte> metadata)
    {
        if (ledger <= LastLedger)
            return $"creation of ledger {ledger} after ledger {LastLedger}";
        LastLedger = ledger;
        _ledgers[ledger] = new CataloguedLedger(LedgerStatus.Open, -1, metadata);
        return null;
    }
}

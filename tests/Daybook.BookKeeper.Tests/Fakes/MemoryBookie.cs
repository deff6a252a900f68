using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>The state and answers of one bookie, according to the protocol; everything is durable immediately.</summary>
internal sealed class MemoryBookie
{
    private readonly Dictionary<LedgerId, Ledger> _ledgers = [];

    /// <summary>Takes no adds but those of high priority.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Answers every add with this, as a bookie whose disk is full: it answers questions all the same.</summary>
    public BookieStatus? RefusesAdds { get; set; }

    /// <summary>Answers every request with this instead of looking at it.</summary>
    public BookieStatus? Refuses { get; set; }

    /// <summary>The entries of a ledger as stored, for a test to look at and to damage.</summary>
    public SortedDictionary<long, byte[]> EntriesOf(LedgerId ledger) => Of(ledger).Entries;

    public bool IsFenced(LedgerId ledger) => _ledgers.GetValueOrDefault(ledger) is { IsFenced: true };

    public EntryId? ExplicitLacOf(LedgerId ledger) => _ledgers.GetValueOrDefault(ledger)?.ExplicitLac;

    /// <summary>Forgets everything, as a bookie with a new disk.</summary>
    public void Wipe() => _ledgers.Clear();

    public BookieStatus Add(in AddRequest request)
    {
        if ((Refuses ?? RefusesAdds) is { } refusal)
            return refusal;
        var packaged = new byte[request.Body.Length];
        request.Body.Head.CopyTo(packaged);
        request.Body.Payload.CopyTo(packaged.AsMemory(request.Body.Head.Length));
        var header = EntryHeader.Read(packaged);
        if (IsReadOnly && (request.Options & AddOptions.HighPriority) == 0)
            return BookieStatus.ReadOnly;
        var ledger = Of(header.Ledger);
        if (!ledger.Admits(request.MasterKey))
            return BookieStatus.Unauthorized;
        if (ledger.IsFenced && (request.Options & AddOptions.Recovery) == 0)
            return BookieStatus.Fenced;
        ledger.Entries[header.Entry.Value] = packaged;
        ledger.Lac = Math.Max(ledger.Lac, header.LastAddConfirmed.Value);
        return BookieStatus.Ok;
    }

    public ReadResponse Read(in ReadRequest request)
    {
        if (Refuses is { } refusal)
            return new ReadResponse(refusal, request.Ledger, request.Entry);
        if ((request.Options & ReadOptions.Fence) != 0)
        {
            if (request.MasterKey.IsEmpty || !Of(request.Ledger).Admits(request.MasterKey))
                return new ReadResponse(BookieStatus.Unauthorized, request.Ledger, request.Entry);
            Of(request.Ledger).IsFenced = true;
        }
        if (!_ledgers.TryGetValue(request.Ledger, out var ledger))
            return new ReadResponse(BookieStatus.NoLedger, request.Ledger, request.Entry);
        if (request.PreviousLac is { } previous)
            return Poll(ledger, request, previous);
        var entry = request.Entry == EntryId.None && ledger.Entries.Count > 0 ? ledger.Entries.Keys.Last() : request.Entry.Value;
        return ledger.Entries.TryGetValue(entry, out var body)
            ? new ReadResponse(BookieStatus.Ok, request.Ledger, request.Entry, body, new EntryId(ledger.Lac))
            : new ReadResponse(BookieStatus.NoEntry, request.Ledger, request.Entry, MaxLac: new EntryId(ledger.Lac));
    }

    public BookieStatus WriteLac(LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet)
    {
        if (Refuses is { } refusal)
            return refusal;
        if (!Of(ledger).Admits(masterKey))
            return BookieStatus.Unauthorized;
        (Of(ledger).ExplicitLac, Of(ledger).LacPacket) = (lac, packet.ToArray());
        Of(ledger).Lac = Math.Max(Of(ledger).Lac, lac.Value);
        return BookieStatus.Ok;
    }

    public LacAnswer ReadLac(LedgerId ledger)
    {
        if (Refuses is { } refusal)
            return new(refusal, default, default);
        return _ledgers.TryGetValue(ledger, out var found)
            ? new(BookieStatus.Ok, found.LacPacket, found.Entries.Count > 0 ? found.Entries.Values.Last() : default)
            : new(BookieStatus.NoEntry, default, default);
    }

    /// <summary>True when a long poll has news.</summary>
    public bool HasNews(in ReadRequest request) =>
        request.PreviousLac is not { } previous || !_ledgers.TryGetValue(request.Ledger, out var ledger) || ledger.Lac > previous.Value || Refuses is not null;

    private static ReadResponse Poll(Ledger ledger, in ReadRequest request, EntryId previous)
    {
        var lac = new EntryId(ledger.Lac);
        return (request.Options & ReadOptions.Piggyback) != 0 && lac > previous && ledger.Entries.TryGetValue(previous.Next.Value, out var body)
            ? new ReadResponse(BookieStatus.Ok, request.Ledger, previous.Next, body, lac, 1)
            : new ReadResponse(BookieStatus.Ok, request.Ledger, EntryId.None, default, lac);
    }

    private Ledger Of(LedgerId ledger)
    {
        if (!_ledgers.TryGetValue(ledger, out var found))
            _ledgers[ledger] = found = new Ledger();
        return found;
    }

    private sealed class Ledger
    {
        private byte[]? _masterKey;

        public SortedDictionary<long, byte[]> Entries { get; } = [];

        public bool IsFenced { get; set; }

        public long Lac { get; set; } = -1;

        public EntryId? ExplicitLac { get; set; }

        public byte[]? LacPacket { get; set; }

        public bool Admits(ReadOnlyMemory<byte> masterKey) => (_masterKey ??= masterKey.ToArray()).AsSpan().SequenceEqual(masterKey.Span);
    }
}

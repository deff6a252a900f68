using System.Collections.Immutable;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Reading;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Wire;
using Daybook.Testing.Time;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>A ledger that a test writes step by step, as its writer and its recoverers would leave it on bookies and in the metadata.</summary>
internal sealed class WrittenLedger
{
    public static readonly LedgerId Id = new(7);

    private long _length;

    public WrittenLedger(QuorumSizes? sizes = null, DigestType digest = DigestType.Crc32C, params string[] bookies)
    {
        // Under the context of a test runner, what follows from an answer would run on some other thread, some time later.
        SynchronizationContext.SetSynchronizationContext(null);
        Credentials = new LedgerCredentials(digest, "secret"u8.ToArray());
        var names = bookies.Length > 0 ? bookies : ["a", "b", "c", "d", "e"];
        Value = new LedgerMetadata
        {
            Ledger = Id,
            Sizes = sizes ?? new QuorumSizes(3, 3, 2),
            Segments = [new EnsembleSegment(new EntryId(0), [.. names.Take((sizes ?? new QuorumSizes(3, 3, 2)).Ensemble).Select(n => new BookieId(n))])],
            Digest = digest,
            Password = "secret"u8.ToArray(),
        };
        Metadata.Put(Value);
        Pumped = new PumpedBookies(Bookies);
        var options = new BookKeeperOptions(new ZooKeeperOptions("127.0.0.1:1")) { Time = Time };
        Client = new ClientServices(options, Bookies, Metadata, new ListedBookies());
    }

    public LedgerMetadata Value { get; private set; }

    public LedgerCredentials Credentials { get; }

    public MemoryBookies Bookies { get; } = new();

    public PumpedBookies Pumped { get; }

    public MemoryMetadata Metadata { get; } = new();

    public ManualTime Time { get; } = new();

    public ClientServices Client { get; }

    public CancellationTokenSource Closing { get; } = new();

    /// <summary>The last entry that was acknowledged to the writer.</summary>
    public EntryId Lac { get; set; } = EntryId.None;

    public EntryId LastWritten { get; private set; } = EntryId.None;

    public static byte[] Payload(EntryId entry, int size = 16)
    {
        var bytes = new byte[size];
        new Random((int)entry.Value).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Puts the next entry on the bookies of its write set that <paramref name="reached"/> names, or on all of them.</summary>
    public EntryId Write(string[]? reached = null, int size = 16)
    {
        var entry = LastWritten = LastWritten.Next;
        var payload = Payload(entry, size);
        _length += payload.Length;
        var packaged = PackagedEntry.Seal(new EntryHeader(Id, entry, Lac, _length), payload, Credentials.Digest);
        foreach (var bookie in BookiesOf(entry).Where(b => reached is null || reached.Contains(b.Value)))
            Assert.Equal(BookieStatus.Ok, Bookies[bookie].Add(new AddRequest(Id, entry, Credentials.MasterKey, packaged, AddOptions.None)));
        return entry;
    }

    /// <summary>Writes entries and acknowledges them; the last one's acknowledgement is known to no bookie.</summary>
    public WrittenLedger Append(int count, int size = 16)
    {
        for (var i = 0; i < count; i++)
            Lac = Write(size: size);
        return this;
    }

    /// <summary>The writer sends its LAC explicitly.</summary>
    public void TellLac(params string[] reached)
    {
        foreach (var bookie in BookiesOf(Lac == EntryId.None ? new EntryId(0) : Lac).Where(b => reached.Length == 0 || reached.Contains(b.Value)))
            Bookies[bookie].WriteLac(Id, Lac, Credentials.MasterKey, LacPacket.Seal(Id, Lac, Credentials.Digest));
    }

    public WrittenLedger Close()
    {
        Put(Value.Close(Lac, _length));
        return this;
    }

    public void Recover() => Put(Value.InRecovery());

    public WrittenLedger ChangeEnsemble(params string[] bookies)
    {
        Put(Value.ChangeEnsemble(Lac.Next, Named(bookies)));
        return this;
    }

    public void Rereplicate(EntryId segment, params string[] bookies) => Put(Value.ReplaceBookies(segment, Named(bookies)));

    /// <summary>Opens a reader whose messages the test pumps by hand.</summary>
    public Task<BookKeeperReader> OpenAsync() => OpenAsync(Client, () => Bookies.DeliverAll());

    /// <summary>Opens a reader that hears what <paramref name="bookies"/> make of it.</summary>
    public Task<BookKeeperReader> OpenAsync(TamperedBookies bookies) => OpenAsync(Client with { Bookies = bookies }, () => Bookies.DeliverAll());

    /// <summary>Opens a reader on <see cref="Pumped"/>.</summary>
    public Task<BookKeeperReader> OpenPumpedAsync() => Pumped.RunAsync(OpenAsync(Client with { Bookies = Pumped }, () => { }));

    public SortedDictionary<long, byte[]> At(string bookie) => Bookies[bookie].EntriesOf(Id);

    public IEnumerable<BookieId> BookiesOf(EntryId entry)
    {
        var copies = Value.Sizes.WriteSetOf(entry);
        return Enumerable.Range(0, copies.Count).Select(copy => Value.SegmentOf(entry).Bookies[copies[copy]]);
    }

    private async Task<BookKeeperReader> OpenAsync(ClientServices client, Action pump)
    {
        var opening = BookKeeperReader.OpenAsync(ReadServices.Of(client, Closing.Token), await Metadata.ReadAndWatchAsync(Id), Credentials).AsTask();
        pump();
        return await opening;
    }

    private void Put(LedgerMetadata metadata)
    {
        Value = metadata;
        Metadata.Put(metadata);
    }

    private static ImmutableArray<BookieId> Named(string[] bookies) => [.. bookies.Select(name => new BookieId(name))];
}

using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Wire;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>One ledger, the bookies b1, b2 … in memory, and what recovers it.</summary>
internal sealed class LedgerWorld
{
    public const string Password = "secret";

    public LedgerWorld(QuorumSizes sizes, params string[] spares)
        : this(sizes, [(0, [.. Enumerable.Range(1, sizes.Ensemble).Select(i => $"b{i}")])], spares)
    {
    }

    /// <param name="sizes">Of the ledger.</param>
    /// <param name="segments">First entries, and names of bookies.</param>
    /// <param name="spares">The bookies that can replace another.</param>
    public LedgerWorld(QuorumSizes sizes, (long First, string[] Bookies)[] segments, params string[] spares)
    {
        Credentials = new LedgerCredentials(DigestType.Crc32C, System.Text.Encoding.UTF8.GetBytes(Password));
        Selection = new ListedBookies(spares);
        Metadata.Put(new LedgerMetadata
        {
            Ledger = Ledger,
            Sizes = sizes,
            Segments = [.. segments.Select(s => new EnsembleSegment(new EntryId(s.First), Named(s.Bookies)))],
            Digest = DigestType.Crc32C,
            Password = Credentials.Password,
        });
    }

    public static LedgerId Ledger { get; } = new(7);

    public static string[] Two { get; } = ["b1", "b2"];

    public static string[] Three { get; } = ["b1", "b2", "b3"];

    public MemoryBookies Bookies { get; } = new();

    public MemoryMetadata Metadata { get; } = new();

    public ListedBookies Selection { get; }

    public LedgerCredentials Credentials { get; }

    public InstantTime Time { get; } = new();

    public ClientServices Services => ServicesOn(Bookies);

    public LedgerMetadata Now => Metadata[Ledger];

    public static ImmutableArray<BookieId> Named(params string[] bookies) => [.. bookies.Select(name => new BookieId(name))];

    public ClientServices ServicesOn(IBookies bookies, ILedgerMetadataStore? metadata = null) =>
        new(Options(), bookies, metadata ?? Metadata, Selection);

    public OldWriter Writer() => new(Bookies, Now, Credentials);

    /// <summary>Puts an entry on some bookies, as its writer's adds would have.</summary>
    public void Store(long entry, long lac, params string[] bookies)
    {
        var body = OldWriter.Package(Ledger, entry, new EntryId(lac), Credentials);
        foreach (var bookie in bookies)
            Assert.Equal(BookieStatus.Ok, Bookies[bookie].Add(new AddRequest(Ledger, new EntryId(entry), Credentials.MasterKey, body, AddOptions.None)));
    }

    public Task<VersionedMetadata> Recover(LedgerCredentials? credentials = null) =>
        LedgerRecovery.RecoverAsync(Services, Ledger, credentials ?? Credentials, CancellationToken.None).AsTask();

    /// <summary>Recovers while everything gets through.</summary>
    public async Task<LedgerMetadata> RecoverNow()
    {
        var recovery = Recover();
        Bookies.DeliverAll();
        Assert.True(recovery.IsCompleted, "the recovery waits for nothing");
        return (await recovery).Value;
    }

    /// <summary>Recovers while everything gets through, and fails.</summary>
    public async Task<BookKeeperException> FailToRecover(LedgerCredentials? credentials = null)
    {
        var recovery = Recover(credentials);
        Bookies.DeliverAll();
        Assert.True(recovery.IsCompleted, "the recovery waits for nothing");
        return await Assert.ThrowsAsync<BookKeeperException>(() => recovery);
    }

    /// <summary>Delivers the messages about some entry to and from some bookies.</summary>
    public void Deliver(string what, params string[] bookies) =>
        Bookies.DeliverWhere(message => message.What == what && bookies.Contains(message.Bookie.Value));

    /// <summary>The message on its way that reads like this, for example <c>fence 0 at b3</c>.</summary>
    public Message Find(string message) => Bookies.InFlight.Single(m => m.ToString() == message);

    public bool Has(string bookie, long entry) => Bookies[bookie].EntriesOf(Ledger).ContainsKey(entry);

    /// <summary>What is stored of an entry, by bookie, if its digest is right.</summary>
    public OpenedEntry Open(string bookie, long entry) => PackagedEntry.Open(
        Bookies[bookie].EntriesOf(Ledger)[entry], Ledger, new EntryId(entry), Credentials.Digest, new BookieId(bookie));

    private BookKeeperOptions Options() => new(new ZooKeeperOptions("nowhere:1")) { Time = Time, Random = new Random(1) };
}

using System.Collections.Immutable;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.Servers;
using Daybook.Servers.Network;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Metadata.Real;

/// <summary>A client of a cluster, over its own network, and a session that bypasses that network to inspect the nodes.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private ClusterClient(ZooKeeperServer server, string root, TimeSpan sessionTimeout, TimeSpan metadataTimeout)
    {
        Network = FaultProxy.Start(server.Port);
        Options = new BookKeeperOptions(new ZooKeeperOptions(Network.Address) { SessionTimeout = sessionTimeout, ConnectTimeout = TimeSpan.FromSeconds(30) })
        {
            LedgersRoot = root,
            MetadataTimeout = metadataTimeout,
        };
        Sessions = new SessionKeeper(Options.ZooKeeper);
        Calls = new MetadataCalls(Sessions, Options);
    }

    public FaultProxy Network { get; }

    public BookKeeperOptions Options { get; }

    public SessionKeeper Sessions { get; }

    public MetadataCalls Calls { get; }

    public string Root => Options.LedgersRoot;

    public LedgerPaths Paths => Store.Cluster.Paths;

    public ZooKeeperMetadataStore Store { get; private set; } = null!;

    /// <summary>A session of another client.</summary>
    public ZooKeeperClient Direct { get; private set; } = null!;

    /// <summary>Full permissions for an address that no client has.</summary>
    public static IReadOnlyList<ZooKeeperAcl> ForNobody { get; } = [new(ZooKeeperPermissions.All, "ip", "192.0.2.1")];

    public static string NewRoot() => $"/l-{Guid.NewGuid():n}";

    /// <summary>A client of a new cluster, or of one that is there.</summary>
    public static async Task<ClusterClient> OpenAsync(
        RealZooKeeper shared, LedgerLayoutKind kind = LedgerLayoutKind.Hierarchical, string? root = null, double session = 10, double timeout = 30)
    {
        var server = await shared.StartedAsync();
        var client = new ClusterClient(server, root ?? NewRoot(), TimeSpan.FromSeconds(session), TimeSpan.FromSeconds(timeout));
        await ClusterLayout.FormatAsync(client.Calls, client.Root, kind, default);
        client.Store = await ZooKeeperMetadataStore.OpenAsync(client.Sessions, client.Options);
        client.Direct = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        return client;
    }

    public static LedgerMetadata Metadata(long ledger = 0, params string[] bookies)
    {
        ImmutableArray<BookieId> ensemble = [.. (bookies is [] ? ["b1", "b2", "b3"] : bookies).Select(name => new BookieId(name))];
        return new LedgerMetadata
        {
            Ledger = new LedgerId(ledger),
            Sizes = new QuorumSizes(ensemble.Length, 2, 2),
            Segments = [new EnsembleSegment(new EntryId(0), ensemble)],
            Digest = DigestType.Crc32C,
            Password = "secret"u8.ToArray(),
        };
    }

    /// <summary>Carries a call out but keeps its answer, until something is seen at the server; then the connection breaks.</summary>
    public async Task<T> LoseAnswerAsync<T>(Func<ValueTask<T>> call, Func<Task<bool>> isCarriedOut, Func<Task>? meanwhile = null)
    {
        Network.Hold(ProxyDirection.ToClient);
        var calling = call().AsTask();
        await Wait.UntilAsync(isCarriedOut, "it was carried out");
        if (meanwhile is not null)
            await meanwhile();
        Assert.False(calling.IsCompleted);
        Network.CutAll();
        Network.ReleaseAll();
        return await calling.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task<bool> ExistsAsync(string path) => await Direct.ExistsAsync(path) is not null;

    public async Task<bool> HasVersionAsync(string path, int version) => (await Direct.ExistsAsync(path))?.Version == version;

    public async Task<List<long>> ListedAsync()
    {
        var ledgers = new List<long>();
        await foreach (var ledger in Store.ListAsync())
            ledgers.Add(ledger.Value);
        ledgers.Sort();
        return ledgers;
    }

    public async ValueTask DisposeAsync()
    {
        if (Direct is not null)
            await Direct.DisposeAsync();
        await Sessions.DisposeAsync();
        await Network.DisposeAsync();
    }
}

using Daybook.BookKeeper;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Network;
using Daybook.ZooKeeper;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>Real bookies, and a network to each of them that some clients go through and that can be broken.</summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    private readonly BookieCluster _servers;
    private readonly Dictionary<BookieId, FaultProxy> _networks;

    private FaultyCluster(BookieCluster servers)
    {
        _servers = servers;
        _networks = servers.Bookies.ToDictionary(bookie => new BookieId(bookie.Id), bookie => FaultProxy.Start(bookie.Port));
    }

    public BookieCluster Servers => _servers;

    public IReadOnlyList<BookieProcess> Bookies => _servers.Bookies;

    public static async Task<FaultyCluster> StartAsync(int bookies) => new(await BookieCluster.StartAsync(bookies));

    public FaultProxy NetworkTo(BookieProcess bookie) => _networks[new BookieId(bookie.Id)];

    /// <summary>A client that reaches bookies directly.</summary>
    public Task<BookKeeperClient> ConnectAsync() => BookKeeperClient.ConnectAsync(Options);

    /// <summary>A client that reaches bookies through the networks that can be broken.</summary>
    public Task<BookKeeperClient> ConnectThroughNetworksAsync() =>
        BookKeeperClient.ConnectAsync(Options, directory => new Detour(directory, _networks), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var network in _networks.Values)
            await network.DisposeAsync();
        await _servers.DisposeAsync();
    }

    /// <summary>Short, so that a bookie times out within a test, and longer than a busy disk takes to flush.</summary>
    private BookKeeperOptions Options => new(new ZooKeeperOptions(_servers.ConnectString))
    {
        AddTimeout = TimeSpan.FromSeconds(3),
        ReadTimeout = TimeSpan.FromSeconds(3),
        SpeculativeReadAfter = TimeSpan.FromMilliseconds(100),
        ConnectTimeout = TimeSpan.FromSeconds(1),
        LongPollTimeout = TimeSpan.FromMilliseconds(200),
        AvoidFor = TimeSpan.FromSeconds(1),
    };

    private sealed class Detour(IBookieDirectory directory, Dictionary<BookieId, FaultProxy> networks) : IBookieDirectory
    {
        public IReadOnlyList<BookieRegistration> Writable => directory.Writable;

        public IReadOnlyList<BookieRegistration> ReadOnly => directory.ReadOnly;

        public Task Changed => directory.Changed;

        public (string Host, int Port)? AddressOf(BookieId bookie) =>
            networks.TryGetValue(bookie, out var network) ? ("127.0.0.1", network.Port) : directory.AddressOf(bookie);
    }
}

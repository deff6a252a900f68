using Daybook.Servers.Debian;
using Daybook.Servers.ZooKeeper;

namespace Daybook.Servers.BookKeeper;

/// <summary>A ZooKeeper server and bookies on it, all of them real processes.</summary>
public sealed class BookieCluster : IAsyncDisposable
{
    private readonly List<BookieProcess> _bookies = [];

    private BookieCluster(ZooKeeperServer zooKeeper) => ZooKeeper = zooKeeper;

    /// <summary>The server.</summary>
    public ZooKeeperServer ZooKeeper { get; }

    /// <summary>What clients and bookies connect to.</summary>
    public string ConnectString => ZooKeeper.ConnectString;

    /// <summary>The bookies, in the order in which they were started.</summary>
    public IReadOnlyList<BookieProcess> Bookies => _bookies;

    /// <summary>Starts ZooKeeper and the given number of bookies, and waits until they serve.</summary>
    /// <param name="bookies">How many.</param>
    /// <param name="zooKeeper">How ZooKeeper is set up; null for the default.</param>
    /// <param name="options">Further options for the bookies' command lines.</param>
    /// <exception cref="MissingToolException">ZooKeeper cannot be had here, or the bookie was not built.</exception>
    public static async Task<BookieCluster> StartAsync(int bookies, ZooKeeperServerOptions? zooKeeper = null, params IReadOnlyList<string> options)
    {
        var cluster = new BookieCluster(await ZooKeeperServer.StartAsync(zooKeeper ?? new ZooKeeperServerOptions()));
        try
        {
            while (cluster._bookies.Count < bookies)
                await cluster.AddBookieAsync(options);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more bookie.</summary>
    public Task<BookieProcess> AddBookieAsync(params IReadOnlyList<string> options) => AddBookieOnAsync(null, options);

    /// <summary>Starts one more bookie on its own disk.</summary>
    public async Task<BookieProcess> AddBookieOnAsync(string? data, params IReadOnlyList<string> options)
    {
        var bookie = await BookieProcess.StartOnAsync(data, ConnectString, options);
        _bookies.Add(bookie);
        return bookie;
    }

    /// <summary>The bookie of an id such as <c>127.0.0.1:3181</c>.</summary>
    public BookieProcess Find(string id) => _bookies.Single(bookie => bookie.Id == id);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var bookie in _bookies)
            await bookie.DisposeAsync();
        await ZooKeeper.DisposeAsync();
    }
}

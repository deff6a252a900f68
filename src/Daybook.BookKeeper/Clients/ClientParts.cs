using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Clients;

/// <summary>What a client is made of, and lets go of in reverse order.</summary>
internal sealed class ClientParts : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = [];

    private ClientParts()
    {
    }

    public BookieDirectory Directory { get; private set; } = null!;

    public ClientServices Services { get; private set; } = null!;

    public static async Task<ClientParts> OpenAsync(
        BookKeeperOptions options, Func<IBookieDirectory, IBookieDirectory>? route, CancellationToken cancellationToken)
    {
        options.Validate();
        var parts = new ClientParts();
        try
        {
            await parts.ConnectAsync(options, route, cancellationToken).ConfigureAwait(false);
            return parts;
        }
        catch
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part))
            await part.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ConnectAsync(BookKeeperOptions options, Func<IBookieDirectory, IBookieDirectory>? route, CancellationToken cancellationToken)
    {
        var sessions = Own(new SessionKeeper(options.ZooKeeper));
        var metadata = await ZooKeeperMetadataStore.OpenAsync(sessions, options, cancellationToken).ConfigureAwait(false);
        Directory = Own(await BookieDirectory.OpenAsync(sessions, options, metadata.Cluster.Paths, cancellationToken).ConfigureAwait(false));
        var bookies = Own(new BookieConnections(route?.Invoke(Directory) ?? Directory, options));
        Services = new ClientServices(options, bookies, metadata, new BookieSelection(Directory, options));
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _owned.Push(part);
        return part;
    }
}

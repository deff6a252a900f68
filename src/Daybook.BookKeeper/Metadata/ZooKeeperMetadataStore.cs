using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>The metadata of ledgers where BookKeeper keeps them.</summary>
internal sealed class ZooKeeperMetadataStore : ILedgerMetadataStore
{
    private readonly MetadataCalls _calls;
    private readonly BookKeeperOptions _options;
    private readonly LedgerIds _ids;
    private readonly LedgerCreation _creation;

    private ZooKeeperMetadataStore(MetadataCalls calls, BookKeeperOptions options, ClusterLayout cluster)
    {
        (_calls, _options, Cluster) = (calls, options, cluster);
        _ids = new LedgerIds(calls, cluster.Paths, new LedgerIdNodes(cluster.Paths.Root));
        _creation = new LedgerCreation(calls, cluster.Paths);
    }

    /// <summary>The cluster as it was when this was opened; its layout never changes.</summary>
    public ClusterLayout Cluster { get; }

    private LedgerPaths Paths => Cluster.Paths;

    /// <summary>Looks for the cluster.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/>: there is none under that root;
    /// <see cref="BookKeeperError.MetadataUnavailable"/>.</exception>
    public static async Task<ZooKeeperMetadataStore> OpenAsync(SessionKeeper sessions, BookKeeperOptions options, CancellationToken cancellationToken = default)
    {
        var calls = new MetadataCalls(sessions, options);
        var cluster = await ClusterLayout.ReadAsync(calls, options.LedgersRoot, cancellationToken).ConfigureAwait(false);
        return new ZooKeeperMetadataStore(calls, options, cluster);
    }

    public async ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var ledger = await _ids.NextAsync(cancellationToken).ConfigureAwait(false);
            var metadata = template with { Ledger = ledger, CreationToken = _options.Random.NextInt64(1, long.MaxValue) };
            if (await _creation.RunAsync(metadata, cancellationToken).ConfigureAwait(false) is { } created)
                return created;
        }
    }

    public async ValueTask<VersionedMetadata> CreateAtAsync(LedgerMetadata metadata, CancellationToken cancellationToken = default)
    {
        metadata = metadata with { CreationToken = _options.Random.NextInt64(1, long.MaxValue) };
        return await _creation.RunAsync(metadata, cancellationToken).ConfigureAwait(false)
            ?? throw new BookKeeperException(BookKeeperError.LedgerExists, "somebody else has created it", metadata.Ledger);
    }

    public async ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        var path = Paths.PathOf(ledger);
        var node = await _calls.AskAsync(
            ledger, (client, stop) => FoundAsync(ledger, MetadataCalls.ReadFreshAsync(client, path, stop)), cancellationToken).ConfigureAwait(false);
        return Decoded(ledger, node);
    }

    public async ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        var path = Paths.PathOf(ledger);
        var node = await _calls.AskAsync(
            ledger,
            async (client, stop) =>
            {
                await client.SyncAsync(path, stop).ConfigureAwait(false);
                return await FoundAsync(ledger, client.GetAndWatchAsync(path, stop)).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return new WatchedMetadata(Decoded(ledger, node.Value), EndedAsync(node.Changed));
    }

    public async ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default)
    {
        var write = new LedgerWrite(metadata.Ledger, Paths.PathOf(metadata.Ledger), LedgerMetadataCodec.Encode(metadata), expectedVersion);
        return new VersionedMetadata(metadata, await _calls.AskAsync(metadata.Ledger, write.StepAsync, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        var path = Paths.PathOf(ledger);
        await _calls.AskAsync(
            ledger,
            async (client, stop) =>
            {
                try
                {
                    await client.DeleteAsync(path, cancellationToken: stop).ConfigureAwait(false);
                }
                catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
                {
                    // By another, or by ourselves before an answer was lost: its parents may be left.
                }
                await LedgerParents.RemoveAsync(client, Paths, path, stop).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => new LedgerWalk(_calls, Paths).RunAsync(cancellationToken);

    private static VersionedMetadata Decoded(LedgerId ledger, NodeData node) => new(LedgerMetadataCodec.Decode(ledger, node.Data), node.Stat.Version);

    private static async Task<T> FoundAsync<T>(LedgerId ledger, Task<T> read)
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            throw LedgerMetadataErrors.Missing(ledger, e);
        }
    }

    /// <summary>The end of the session is a change too: no further one would be reported.</summary>
    private static async Task EndedAsync(Task changed) => await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

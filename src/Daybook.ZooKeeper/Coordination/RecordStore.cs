using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Coordination;

/// <summary>Reads and single attempts to write; what becomes of an attempt whose answer was lost is for <see cref="RecordWrite"/>.</summary>
/// <remarks>
/// ZooKeeper compares a node's data version, which starts again at 0 when the node is deleted and made anew. So each write also requires the
/// version of the shelf, which every deletion raises: a record cannot have been made anew between being read and being written.
/// </remarks>
internal sealed class RecordStore(RecordPaths paths)
{
    public RecordPaths Paths => paths;

    /// <summary>Reads a shelf and then a record in one request, having seen every write that was answered before (invariant C8).</summary>
    public async Task<FoundRecord> ReadAsync(ZooKeeperClient client, string key, CancellationToken cancellationToken)
    {
        ZooKeeperOperation[] reads = [new ZooKeeperOperation.GetData(paths.ShelfOf(key)), new ZooKeeperOperation.GetData(paths.Node(key))];
        var results = await client.AskFreshAsync(
            paths.ShelfOf(key), () => client.MultiReadAsync(reads, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var (read, result) in reads.Zip(results))
        {
            if (result.Error is not (ZooKeeperError.None or ZooKeeperError.NoNode))
                throw new ZooKeeperException(result.Error, read.Path, $"Reading '{read.Path}' was answered with {result.Error}.");
        }
        var node = results[1].Data;
        return new FoundRecord(results[0].Data?.Stat.Version, node is null ? null : StoredRecord.Read(key, node.Data), node?.Stat);
    }

    /// <summary>Makes the shelf of a key.</summary>
    public Task EnsureShelfAsync(ZooKeeperClient client, string key, CancellationToken cancellationToken) =>
        client.EnsureAsync(paths.ShelfOf(key), CreateMode.Persistent, cancellationToken);

    /// <summary>Creates a record. It is set in the same transaction, because that returns its state.</summary>
    public async Task<long> CreateAsync(ZooKeeperClient client, string key, StoredRecord record, int shelf, CancellationToken cancellationToken)
    {
        var node = paths.Node(key);
        var results = await client.MultiAsync(
            [
                new ZooKeeperOperation.Require(paths.ShelfOf(key), shelf),
                new ZooKeeperOperation.Create(node),
                new ZooKeeperOperation.Set(node, record.Written, 0),
            ],
            cancellationToken).ConfigureAwait(false);
        return results[2].Stat!.ModifiedZxid;
    }

    /// <summary>Replaces a record.</summary>
    public async Task<long> UpdateAsync(
        ZooKeeperClient client, string key, StoredRecord record, FoundRecord found, CancellationToken cancellationToken)
    {
        var results = await client.MultiAsync(
            [
                new ZooKeeperOperation.Require(paths.ShelfOf(key), found.ShelfVersion!.Value),
                new ZooKeeperOperation.Set(paths.Node(key), record.Written, found.Stat!.Version),
            ],
            cancellationToken).ConfigureAwait(false);
        return results[1].Stat!.ModifiedZxid;
    }

    /// <summary>Deletes a record, and raises the version of its shelf.</summary>
    public async Task<long> DeleteAsync(ZooKeeperClient client, string key, FoundRecord found, CancellationToken cancellationToken)
    {
        var results = await client.MultiAsync(
            [
                new ZooKeeperOperation.Set(paths.ShelfOf(key), ReadOnlyMemory<byte>.Empty, found.ShelfVersion!.Value),
                new ZooKeeperOperation.Delete(paths.Node(key), found.Stat!.Version),
            ],
            cancellationToken).ConfigureAwait(false);
        return results[0].Stat!.ModifiedZxid;
    }

    /// <summary>The names on a shelf, in no order.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(ZooKeeperClient client, string prefix, CancellationToken cancellationToken)
    {
        var shelf = paths.Shelf(prefix);
        try
        {
            var children = await client.AskFreshAsync(shelf, () => client.ChildrenAsync(shelf, cancellationToken), cancellationToken).ConfigureAwait(false);
            return children.Names;
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return [];
        }
    }
}

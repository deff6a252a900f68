namespace Daybook.ZooKeeper.Recipes;

/// <summary>An epoch as it was raised.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Version">The version of the record that holds it.</param>
internal readonly record struct RaisedEpoch(Epoch Epoch, int Version);

/// <summary>
/// Raises the epoch of a lease: a record of its own, which outlives every session and restart (invariant F3), set together with a check
/// that the holder's node is there. So only a client in the queue can raise it.
/// </summary>
internal sealed class EpochCounter(ZooKeeperClient client, string path)
{
    /// <summary>Raises the epoch for the holder of a node.</summary>
    /// <param name="node">The holder's node.</param>
    /// <param name="attempt">The holder's attempt; distinguishes its own write from another's when the answer was lost (invariant
    /// C2).</param>
    /// <param name="above">The new epoch will be higher than this too.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null when the node is gone.</returns>
    public async Task<RaisedEpoch?> RaiseAsync(string node, Guid attempt, Epoch above, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (found is { } own && own.Record.Attempt == attempt)
                return new RaisedEpoch(own.Record.Epoch, own.Version);
            var last = found is { Record.Epoch: var epoch } && epoch > above ? epoch : above;
            var next = new EpochRecord(last.Next, attempt);
            try
            {
                var version = await WriteAsync(node, next, found?.Version, cancellationToken).ConfigureAwait(false);
                return new RaisedEpoch(next.Epoch, version);
            }
            catch (ZooKeeperMultiException e) when (e.Index == 0 && e.Error == ZooKeeperError.NoNode)
            {
                return null;
            }
            catch (ZooKeeperMultiException e) when (e.Error == ZooKeeperError.NoNode)
            {
                await client.EnsureAsync(RecipeCalls.Parent(path), CreateMode.Persistent, cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperMultiException e) when (e.Error is ZooKeeperError.BadVersion or ZooKeeperError.NodeExists)
            {
                // Written by somebody since it was read; perhaps by ourselves, the time before.
            }
            catch (ZooKeeperException e) when (e.IsTransient)
            {
                await client.PauseAfterAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The record as it is; null before the first holder.</summary>
    public async Task<(EpochRecord Record, int Version)?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await client.AskFreshAsync(path, () => client.GetAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
            return (EpochRecord.Read(path, read.Data), read.Stat.Version);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return null;
        }
    }

    private async Task<int> WriteAsync(string node, EpochRecord next, int? version, CancellationToken cancellationToken)
    {
        ZooKeeperOperation write = version is { } expected
            ? new ZooKeeperOperation.Set(path, next.Written, expected)
            : new ZooKeeperOperation.Create(path, next.Written);
        await client.MultiAsync([new ZooKeeperOperation.Require(node), write], cancellationToken).ConfigureAwait(false);
        return version + 1 ?? 0;
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// An election among processes: the holder of the lease leads. It adds only that others can see the leader.
/// </summary>
/// <param name="leases">Where its lease is kept.</param>
/// <param name="name">Which election; the same name is the same lease.</param>
/// <param name="payload">What this process publishes about itself when it leads; at most 64 KiB.</param>
public sealed class LeaderElection(ZooKeeperLeases leases, string name, ReadOnlyMemory<byte> payload = default)
{
    /// <summary>
    /// Waits to lead. Lead while <see cref="ZooKeeperLease.IsValid"/>, stop at <see cref="ZooKeeperLease.Lost"/>, and carry the epoch into what is
    /// written (invariants F1, F2). Dispose of the lease to step down; call again to stand again.
    /// </summary>
    /// <param name="above">The epoch will be higher than this too (invariant F3).</param>
    /// <param name="cancellationToken">Withdraws.</param>
    /// <exception cref="ZooKeeperException">As of <see cref="ZooKeeperLeases.AcquireAsync"/>.</exception>
    public Task<ZooKeeperLease> CampaignAsync(Epoch above = default, CancellationToken cancellationToken = default) =>
        leases.AcquireAsync(name, payload, above, cancellationToken);

    /// <summary>The present leader; null when there is none.</summary>
    /// <remarks>It may be outdated by the time it is read: display it, do not decide by it.</remarks>
    /// <exception cref="ZooKeeperException">The session ended, or the session may not read this.</exception>
    public async Task<Leader?> LeaderAsync(CancellationToken cancellationToken = default)
    {
        var client = await leases.Sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        await client.AskAsync(() => SyncedAsync(client, cancellationToken), cancellationToken).ConfigureAwait(false);
        return (await LookAsync(client, cancellationToken).ConfigureAwait(false)).Leader;
    }

    /// <summary>
    /// The leader, and again whenever it changes; null while there is none. A leader that led only between two reads may be missed. Lost
    /// connections and ended sessions are bridged; meanwhile nothing is reported.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ZooKeeperException">The session may not read this.</exception>
    public async IAsyncEnumerable<Leader?> LeadersAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var leaders = Channel.CreateBounded<Leader?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = FollowAsync(leaders.Writer, over.Token);
        try
        {
            var isFirst = true;
            Epoch? last = null;
            await foreach (var leader in leaders.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!isFirst && leader?.Epoch == last)
                    continue;
                (isFirst, last) = (false, leader?.Epoch);
                yield return leader;
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await following.ConfigureAwait(false);
        }
    }

    private static async Task<bool> SyncedAsync(ZooKeeperClient client, CancellationToken cancellationToken)
    {
        await client.SyncAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task FollowAsync(ChannelWriter<Leader?> leaders, CancellationToken stop)
    {
        try
        {
            await SessionWork.RunAsync(leases.Sessions, (client, token) => FollowOnAsync(client, leaders, token), stop).ConfigureAwait(false);
            leaders.TryComplete();
        }
        catch (Exception e)
        {
            leaders.TryComplete(e);
        }
    }

    private async Task FollowOnAsync(ZooKeeperClient client, ChannelWriter<Leader?> leaders, CancellationToken stop)
    {
        while (true)
        {
            var (leader, changed) = await LookAsync(client, stop).ConfigureAwait(false);
            leaders.TryWrite(leader);
            await Task.WhenAny(changed).WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the last epoch given out, and whether its holder is still in the queue.</summary>
    private async Task<(Leader? Leader, IReadOnlyList<Task> Changed)> LookAsync(ZooKeeperClient client, CancellationToken cancellationToken)
    {
        var path = leases.RecordOf(name);
        var exists = await client.AskAsync(() => client.ExistsAndWatchAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (exists.Value is null)
            return (null, [exists.Changed]);
        try
        {
            var data = await client.AskAsync(() => client.GetAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
            var record = EpochRecord.Read(path, data.Data);
            var line = await client.AskAsync(() => client.ChildrenAsync(leases.LineOf(name), cancellationToken), cancellationToken).ConfigureAwait(false);
            if (line.Names.FirstOrDefault(node => LeaseQueue.AttemptOf(node) == record.Attempt) is not { } holder)
                return (null, [exists.Changed]);
            var node = await client.AskAsync(
                () => client.GetAndWatchAsync($"{leases.LineOf(name)}/{holder}", cancellationToken), cancellationToken).ConfigureAwait(false);
            return (new Leader(record.Epoch, node.Value.Data), [exists.Changed, node.Changed]);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return (null, [exists.Changed]);
        }
    }
}

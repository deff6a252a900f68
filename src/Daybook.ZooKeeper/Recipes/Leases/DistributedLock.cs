namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// A lock between processes. What it returns carries a token (<see cref="ZooKeeperLease.Epoch"/>) that grows with every holder: hand it to
/// the protected resource and let it refuse lower ones, because a process that was paused for long may still believe that it holds the
/// lock.
/// </summary>
/// <param name="leases">Where its lease is kept.</param>
/// <param name="name">Which lock; the same name is the same lease.</param>
public sealed class DistributedLock(ZooKeeperLeases leases, string name)
{
    /// <summary>Waits for the lock, in the order of the calls; it is not re-entrant. Dispose of what is returned to let go of it.</summary>
    /// <exception cref="ZooKeeperException">As of <see cref="ZooKeeperLeases.AcquireAsync"/>.</exception>
    public Task<ZooKeeperLease> AcquireAsync(CancellationToken cancellationToken = default) =>
        leases.AcquireAsync(name, cancellationToken: cancellationToken);

    /// <summary>Waits for the lock for a time.</summary>
    /// <param name="patience">How long; by the clock of the sessions' options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null when it was not free in time; nothing is left behind that blocks others.</returns>
    public async Task<ZooKeeperLease?> TryAcquireAsync(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        using var late = new CancellationTokenSource(patience, leases.Sessions.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await AcquireAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

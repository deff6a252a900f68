using Daybook.Coordination;

namespace Daybook.ZooKeeper.Coordination;

/// <summary>Carries writes out: reads, judges, tries, and after a lost answer reads again (invariant C2).</summary>
internal sealed class RecordWriter(SessionKeeper sessions, RecordStore store)
{
    /// <summary>Carries a write out once.</summary>
    /// <returns>The version that the record has now; of no meaning for a deletion.</returns>
    /// <exception cref="DaybookException"><see cref="ErrorCode.VersionMismatch"/> when another write was first;
    /// <see cref="InDoubtException"/> when the outcome can no longer be determined; and ZooKeeper's errors as translated by
    /// <see cref="CoordinatorErrors"/>.</exception>
    public async Task<long> RunAsync(RecordWrite write, CancellationToken cancellationToken)
    {
        FoundRecord? tried = null;
        while (true)
        {
            try
            {
                var client = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
                var (version, unknown) = await StepAsync(client, write, tried, cancellationToken).ConfigureAwait(false);
                if (version is { } done)
                    return done;
                tried = unknown ?? tried;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.SessionExpired)
            {
                // Read and judged again on the next session.
            }
            catch (ZooKeeperException e)
            {
                throw tried is null ? CoordinatorErrors.Of(e, write.Described) : CoordinatorErrors.InDoubt(write.Described, e);
            }
            catch (ObjectDisposedException e)
            {
                throw tried is null ? CoordinatorErrors.Closed(e) : CoordinatorErrors.InDoubt(write.Described, e);
            }
        }
    }

    /// <summary>Reads, judges and tries.</summary>
    /// <returns>The version, if it is done; else what was there before an attempt whose answer was lost, if that is what happened.</returns>
    private async Task<(long? Version, FoundRecord? Unknown)> StepAsync(
        ZooKeeperClient client, RecordWrite write, FoundRecord? tried, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(client, write.Key, cancellationToken).ConfigureAwait(false);
        switch (write.Judge(found, tried))
        {
            case Verdict.Done:
                return (found.Version ?? 0, null);
            case Verdict.Lost:
                throw CoordinationErrors.VersionMismatch(write.Key, write.Expected, found.Version);
            case Verdict.InDoubt:
                throw CoordinatorErrors.InDoubt(write.Described);
        }
        if (found.ShelfVersion is null)
        {
            await store.EnsureShelfAsync(client, write.Key, cancellationToken).ConfigureAwait(false);
            return default;
        }
        try
        {
            return (await write.TryAsync(store, client, found, cancellationToken).ConfigureAwait(false), null);
        }
        catch (ZooKeeperMultiException e) when (e.Error is ZooKeeperError.BadVersion or ZooKeeperError.NodeExists or ZooKeeperError.NoNode)
        {
            return default;
        }
        catch (ZooKeeperException e) when (e.IsOutcomeUnknown)
        {
            return (null, found);
        }
    }
}

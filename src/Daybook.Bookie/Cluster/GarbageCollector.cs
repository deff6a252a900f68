using Daybook.BookKeeper.Metadata;
using Daybook.Bookie.Serving;
using Daybook.Bookie.Storage;
using Daybook.ZooKeeper;

namespace Daybook.Bookie.Cluster;

/// <summary>
/// Drops ledgers that are no longer in ZooKeeper. A client creates the node of a ledger before its first add, so a ledger without a node
/// was deleted. It is looked up twice, after a sync, and on any error nothing is dropped.
/// </summary>
internal sealed class GarbageCollector(SessionKeeper sessions, LedgerPaths paths, LedgerService service)
{
    private const int AtATime = 200;

    /// <summary>Checks every ledger that this bookie holds, then reclaims space.</summary>
    /// <returns>The number of ledgers dropped.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var client = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        List<HeldLedger> held;
        lock (service.Mutex)
            held = [.. service.Table.Ledgers];
        var missing = await MissingAsync(client, held, cancellationToken).ConfigureAwait(false);
        var gone = await MissingAsync(client, missing, cancellationToken).ConfigureAwait(false);
        service.Run(() => gone.ForEach(service.Delete));
        await service.Space.ReclaimAsync(cancellationToken).ConfigureAwait(false);
        return gone.Count;
    }

    private async Task<List<HeldLedger>> MissingAsync(ZooKeeperClient client, List<HeldLedger> ledgers, CancellationToken cancellationToken)
    {
        var missing = new List<HeldLedger>();
        if (ledgers.Count == 0)
            return missing;
        await client.SyncAsync(paths.Root, cancellationToken).ConfigureAwait(false);
        foreach (var some in ledgers.Chunk(AtATime))
        {
            var found = await Task.WhenAll(some.Select(ledger => client.ExistsAsync(paths.PathOf(ledger.Id), cancellationToken))).ConfigureAwait(false);
            missing.AddRange(some.Where((_, i) => found[i] is null));
        }
        return missing;
    }
}

using Daybook.Ledgers;

namespace Daybook.Bookie.Storage;

/// <summary>Reclaims the space of closed log ledgers: of those without live entries, and of those with few, after moving these to the
/// current log.</summary>
internal sealed class LogSpace(ILedgerStore store, LedgerTable table, BlockLog log, Lock mutex)
{
    /// <summary>A closed log with a smaller share of live bytes is rewritten.</summary>
    private const double CompactBelow = 0.3;

    /// <summary>The number of blocks moved before waiting for them to become durable.</summary>
    private const int BlocksAtATime = 64;

    /// <summary>Goes over all closed logs once.</summary>
    /// <exception cref="IOException">The log can no longer be written.</exception>
    public async Task ReclaimAsync(CancellationToken cancellationToken)
    {
        foreach (var sparse in Closed(share => share is > 0 and < CompactBelow))
            await MoveAsync(sparse, cancellationToken).ConfigureAwait(false);
        // The records that emptied a log, and the snapshot of the current one, must be durable before the log is deleted.
        var empty = Closed(share => share == 0);
        await FlushAsync().ConfigureAwait(false);
        foreach (var dead in empty)
        {
            await store.DeleteAsync(dead.Id, cancellationToken).ConfigureAwait(false);
            lock (mutex)
                table.Logs.Remove(dead.Id);
        }
    }

    private List<LogInfo> Closed(Func<double, bool> isWanted)
    {
        lock (mutex)
            return log.Failure is not null ? [] : [.. table.Logs.Values.Where(info => info.IsClosed && isWanted(info.LiveBytes / (double)Math.Max(1, info.Bytes)))];
    }

    private Task FlushAsync()
    {
        lock (mutex)
            return log.FlushedAsync();
    }

    private async Task MoveAsync(LogInfo info, CancellationToken cancellationToken)
    {
        var moved = 0;
        for (var number = 0; number < info.Blocks && info.LiveBytes > 0; number++)
        {
            var block = await info.Reader.ReadAsync(new EntryId(number), cancellationToken).ConfigureAwait(false);
            if (MoveLive(new BlockId(info.Id, number), block.Data.Span) && ++moved % BlocksAtATime == 0)
                await FlushAsync().ConfigureAwait(false);
        }
    }

    private bool MoveLive(BlockId id, ReadOnlySpan<byte> block)
    {
        var any = false;
        lock (mutex)
        {
            if (log.Failure is not null)
                return false;
            BlockRecords.ForEach(id, block, (in RecordHeader header, ReadOnlySpan<byte> payload, RecordLocation at) =>
            {
                if (header.Kind != RecordKind.Entry || table.Find(header.Ledger) is not { } ledger
                    || !ledger.Entries.TryFind(header.Entry, out var current) || current != at)
                    return;
                log.Append(header.Kind, header.Ledger, header.Generation, header.Entry, payload);
                any = true;
            });
        }
        return any;
    }
}

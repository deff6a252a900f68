using Daybook.Ledgers;

namespace Daybook.Bookie.Storage;

/// <summary>Builds the table from the blocks of all log ledgers, in order.</summary>
internal sealed class LogReplay(ILedgerStore store, LedgerTable table)
{
    /// <summary>The first block that could not be read. Its content is unknown, so no entry may be reported as missing, and nothing may be
    /// written (S5).</summary>
    public Exception? Damage { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var logs = await store.ListAsync(cancellationToken).OrderBy(log => log.Value).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var log in logs)
        {
            var reader = await store.RecoverAsync(log, cancellationToken).ConfigureAwait(false);
            var info = new LogInfo(log, reader) { IsClosed = true, Blocks = (int)(reader.LastAddConfirmed.Value + 1) };
            table.Logs.Add(log, info);
            await ReplayAsync(info, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReplayAsync(LogInfo log, CancellationToken cancellationToken)
    {
        var next = new EntryId(0);
        while (next.Value < log.Blocks)
        {
            try
            {
                await foreach (var block in log.Reader.ReadAsync(next, log.Reader.LastAddConfirmed, cancellationToken).ConfigureAwait(false))
                {
                    Apply(log, block);
                    next = block.Id.Next;
                }
            }
            catch (DaybookException e) when (e.Code == ErrorCode.Corrupted)
            {
                next = await ReplayOneAsync(log, next, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The batch that begins here contains a damaged block, so its blocks are read one by one.</summary>
    private async Task<EntryId> ReplayOneAsync(LogInfo log, EntryId block, CancellationToken cancellationToken)
    {
        try
        {
            Apply(log, await log.Reader.ReadAsync(block, cancellationToken).ConfigureAwait(false));
        }
        catch (DaybookException e) when (e.Code == ErrorCode.Corrupted)
        {
            Damage ??= e;
        }
        return block.Next;
    }

    private void Apply(LogInfo log, LedgerEntry block)
    {
        log.Bytes += block.Data.Length;
        BlockRecords.ForEach(
            new BlockId(log.Id, block.Id.Value),
            block.Data.Span,
            (in RecordHeader header, ReadOnlySpan<byte> payload, RecordLocation at) => table.Apply(header, payload, at, block: 0));
    }
}

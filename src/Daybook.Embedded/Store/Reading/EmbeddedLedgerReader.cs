using System.Runtime.CompilerServices;
using Daybook.Ledgers;

namespace Daybook.Embedded.Store.Reading;

/// <summary>A view of a ledger of an <see cref="EmbeddedLedgerStore"/>; always up to date.</summary>
internal sealed class EmbeddedLedgerReader(LedgerState ledger) : ILedgerReader
{
    public LedgerId Id => ledger.Id;

    public ReadOnlyMemory<byte> Metadata => ledger.Metadata;

    public bool IsClosed => ledger.IsClosed;

    public EntryId LastAddConfirmed => ledger.Confirmed;

    public async ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        var read = await ReadBatchAsync(entry, entry, cancellationToken);
        return read[0];
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(
        EntryId first, EntryId last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (last < first)
            yield break;
        var reading = ReadBatchAsync(first, last, cancellationToken);
        while (true)
        {
            var batch = await reading;
            var next = batch[^1].Id.Next;
            if (next <= last)
                reading = ReadBatchAsync(next, last, cancellationToken);
            foreach (var entry in batch)
                yield return entry;
            if (next > last)
                yield break;
        }
    }

    public async ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = ledger.Changed;
            if (ledger.IsDeleted)
                throw LedgerErrors.NoSuchLedger(Id);
            // Closed is looked at first: once it is set, the last entry does not move any more.
            var closed = ledger.IsClosed;
            if (entry <= ledger.Confirmed)
                return true;
            if (closed)
                return false;
            if (ledger.Failure is { } failure)
                throw failure;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads on a thread of the pool, for the caller must not wait for the device.</summary>
    private Task<List<LedgerEntry>> ReadBatchAsync(EntryId first, EntryId last, CancellationToken cancellationToken)
    {
        if (ledger.IsDeleted)
            throw LedgerErrors.NoSuchLedger(Id);
        var confirmed = ledger.Confirmed;
        if (first.Value < 0 || first > confirmed)
            throw LedgerErrors.NoSuchEntry(Id, first, confirmed);
        var end = last < confirmed ? last : confirmed;
        return Task.Run(() => EntryReader.Read(ledger, first.Value, end.Value), cancellationToken);
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Daybook.Core.Records;
using Daybook.Ledgers;

namespace Daybook.Core.Journals;

/// <summary>Reads a chain of ledgers as one journal: dense offsets, verified frames, epochs that never go back (invariant J1).</summary>
internal sealed class JournalReader(ILedgerStore store)
{
    private readonly ConcurrentDictionary<LedgerId, ILedgerReader> _open = new();

    /// <summary>Reads one entry.</summary>
    public async ValueTask<LedgerEntry> ReadAsync(LedgerId ledger, EntryId entry, CancellationToken cancellationToken)
    {
        var reader = await OpenAsync(ledger, cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the entries that hold the records from one offset to before another.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Truncated"/> below the start; <see cref="ErrorCode.Corrupted"/> where
    /// offsets are not dense or epochs go back.</exception>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalManifest manifest, JournalOffset from, JournalOffset end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (from < manifest.Start)
            throw new DaybookException(ErrorCode.Truncated, $"Offset {from} was truncated; the journal starts at {manifest.Start}.");
        var chain = manifest.Ledgers;
        var index = chain.Count - 1;
        while (index > 0 && chain[index].First > from)
            index--;
        var sequence = new EntrySequence();
        for (; index < chain.Count && from < end; index++)
        {
            var reader = await OpenAsync(chain[index].Id, cancellationToken).ConfigureAwait(false);
            var first = await FindAsync(reader, from, cancellationToken).ConfigureAwait(false);
            if (first > reader.LastAddConfirmed)
                continue;
            await foreach (var entry in reader.ReadAsync(first, reader.LastAddConfirmed, cancellationToken).ConfigureAwait(false))
            {
                var frame = EntryFrame.Open(entry.Data.Span, reader.Id, entry.Id);
                if (frame.First >= end)
                    yield break;
                sequence.Check(frame, reader.Id, entry.Id);
                yield return new JournalEntry(reader.Id, (uint)entry.Id.Value, frame, entry.Data);
                from = frame.Next;
            }
        }
    }

    /// <summary>Lets go of a ledger that is about to be deleted.</summary>
    public void Forget(LedgerId ledger) => _open.TryRemove(ledger, out _);

    /// <summary>The last entry of a ledger whose first record is at or before an offset.</summary>
    private static async ValueTask<EntryId> FindAsync(ILedgerReader reader, JournalOffset offset, CancellationToken cancellationToken)
    {
        long low = 0, high = reader.LastAddConfirmed.Value;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var entry = await reader.ReadAsync(new EntryId(middle), cancellationToken).ConfigureAwait(false);
            if (EntryFrame.Open(entry.Data.Span, reader.Id, entry.Id).First <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return new EntryId(low);
    }

    private async ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken)
    {
        if (_open.TryGetValue(ledger, out var reader))
            return reader;
        reader = await store.OpenAsync(ledger, cancellationToken).ConfigureAwait(false);
        return _open.GetOrAdd(ledger, reader);
    }

    /// <summary>Holds the invariants between entries that follow each other.</summary>
    private sealed class EntrySequence
    {
        private EntryFrame? _last;

        public void Check(EntryFrame frame, LedgerId ledger, EntryId entry)
        {
            if (_last is { } last && (frame.First != last.Next || frame.Epoch < last.Epoch))
                throw new DaybookException(ErrorCode.Corrupted,
                    $"Entry {entry} of ledger {ledger} starts at offset {frame.First} in epoch {frame.Epoch}, after offset {last.Next} in epoch {last.Epoch}.");
            _last = frame;
        }
    }
}

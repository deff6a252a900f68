using System.Runtime.CompilerServices;
using Daybook.Ledgers;

namespace Daybook.Testing.Faults;

/// <summary>A reader that does not see entries whose acknowledgement is held, unless the ledger is closed behind them.</summary>
internal sealed class FaultyLedgerReader(ILedgerReader inner, FaultyLedgerStore store, HeldAppends held) : ILedgerReader
{
    public LedgerId Id => inner.Id;

    public ReadOnlyMemory<byte> Metadata => inner.Metadata;

    public bool IsClosed => inner.IsClosed;

    public EntryId LastAddConfirmed
    {
        get
        {
            var last = inner.LastAddConfirmed;
            return !IsClosed && held.FirstHidden(Id) is { } hidden && hidden <= last ? new EntryId(hidden.Value - 1) : last;
        }
    }

    public async ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        if (store.StuckReads is { } stuck)
            await stuck;
        if (store.ThrowFromReads?.Invoke(Id) is { } failure)
            throw failure;
        return entry > LastAddConfirmed ? throw LedgerErrors.NoSuchEntry(Id, entry, LastAddConfirmed) : await inner.ReadAsync(entry, cancellationToken);
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(
        EntryId first, EntryId last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var entry = first; entry <= last; entry = entry.Next)
            yield return await ReadAsync(entry, cancellationToken);
    }

    public async ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = held.Changed;
            if (entry <= LastAddConfirmed)
                return true;
            if (IsClosed)
                return false;
            await (inner.LastAddConfirmed >= entry ? changed.WaitAsync(cancellationToken) : inner.WaitAsync(entry, cancellationToken).AsTask());
        }
    }
}

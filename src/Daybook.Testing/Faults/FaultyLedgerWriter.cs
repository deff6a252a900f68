using Daybook.Ledgers;

namespace Daybook.Testing.Faults;

/// <summary>The writer's end of a ledger under the faults of its store.</summary>
internal sealed class FaultyLedgerWriter(ILedgerWriter inner, FaultyLedgerStore store, HeldAppends held) : ILedgerWriter
{
    private Task<EntryId> _last = Task.FromResult(EntryId.None);
    private EntryId _next = new(0);
    private readonly int _losses = store.Losses;
    private bool _dead;

    public LedgerId Id => inner.Id;

    public EntryId LastAddConfirmed =>
        held.FirstHidden(Id) is { } hidden ? new EntryId(Math.Min(hidden.Value - 1, inner.LastAddConfirmed.Value)) : inner.LastAddConfirmed;

    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry)
    {
        if (entry.Length > store.MaxEntryBytes)
            return Task.FromException<EntryId>(LedgerErrors.TooLarge(Id, entry.Length, store.MaxEntryBytes));
        if (store.ThrowFromAppends is { } fault)
            throw fault();
        lock (store.Order)
            return Accept(entry);
    }

    public async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        if (held.Any(Id))
            await _last.WaitAsync(cancellationToken);
        await inner.CloseAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task<EntryId> Accept(ReadOnlyMemory<byte> entry)
    {
        if (_last.IsFaulted)
            return _last;
        _dead |= _losses != store.Losses;
        if (_dead || store.FailureOf(Id) != AppendFailure.None)
            return FailAsync(entry);
        if (store.IsEnded(Id))
            return _last = Task.FromException<EntryId>(LedgerErrors.Fenced(Id));
        var id = _next;
        _next = _next.Next;
        var holds = store.HoldsOf(Id);
        if (holds == HoldMode.None && !held.Any(Id))
            return _last = inner.AppendAsync(entry);
        return HoldAsync(entry, id, written: holds == HoldMode.Acknowledgements && !held.AnyUnwrittenOf(Id));
    }

    private Task<EntryId> HoldAsync(ReadOnlyMemory<byte> entry, EntryId id, bool written)
    {
        // An early acknowledgement gives the buffer back to its owner, so what is held must be a copy.
        var append = new HeldAppend(inner, entry.ToArray());
        if (written)
            append.Write();
        held.Add(append, id);
        _last = append.Acknowledged;
        return store.AcknowledgeEarly ? Task.FromResult(id) : _last;
    }

    private Task<EntryId> FailAsync(ReadOnlyMemory<byte> entry)
    {
        if (!_dead && store.FailureOf(Id) == AppendFailure.Written)
        {
            // An entry on an ordered store is written behind everything accepted before it.
            if (store.OrdersAcrossLedgers)
                held.WriteAll();
            inner.AppendAsync(entry.ToArray());
        }
        _dead = true;
        return Task.FromException<EntryId>(
            new InDoubtException(ErrorCode.StoreFailed, $"A fault was injected into an append to ledger {Id}; it may have been written."));
    }
}

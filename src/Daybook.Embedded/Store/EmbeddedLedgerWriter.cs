using Daybook.Ledgers;

namespace Daybook.Embedded.Store;

/// <summary>The writer's end of a ledger of an <see cref="EmbeddedLedgerStore"/>.</summary>
internal sealed class EmbeddedLedgerWriter(LedgerLog log, LedgerState ledger) : ILedgerWriter
{
    private bool _disposed;

    public LedgerId Id => ledger.Id;

    public EntryId LastAddConfirmed => ledger.Confirmed;

    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry) =>
        _disposed ? Task.FromException<EntryId>(LedgerErrors.Closed(Id)) : log.Append(ledger, entry);

    public async ValueTask CloseAsync(CancellationToken cancellationToken = default) => await log.Close(ledger).WaitAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }
}

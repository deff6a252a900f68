using Daybook.Ledgers;

namespace Daybook.Memory;

/// <summary>The writer's end of a ledger in memory.</summary>
internal sealed class MemoryLedgerWriter(MemoryLedger ledger) : ILedgerWriter
{
    private bool _disposed;

    public LedgerId Id => ledger.Id;

    public EntryId LastAddConfirmed => ledger.LastAddConfirmed;

    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry)
    {
        try
        {
            return _disposed ? Task.FromException<EntryId>(LedgerErrors.Closed(Id)) : Task.FromResult(ledger.Append(entry));
        }
        catch (DaybookException refused)
        {
            return Task.FromException<EntryId>(refused);
        }
    }

    public ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ledger.Close();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }
}

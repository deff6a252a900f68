using Daybook.Ledgers;

namespace Daybook.Testing.Faults;

/// <summary>An append between its acceptance and its acknowledgement.</summary>
internal sealed class HeldAppend(ILedgerWriter writer, ReadOnlyMemory<byte> entry)
{
    private readonly TaskCompletionSource<EntryId> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<EntryId>? _written;

    public LedgerId Ledger => writer.Id;

    public bool IsWritten => _written is not null;

    public Task<EntryId> Acknowledged => _acknowledged.Task;

    /// <summary>Hands the entry to the store; a second call does nothing.</summary>
    public void Write() => _written ??= writer.AppendAsync(entry);

    /// <summary>Passes the store's answer to the caller.</summary>
    public void Acknowledge()
    {
        Write();
        _written!.ContinueWith(
            done => _acknowledged.TrySetFromTask(done), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public void Fail() => _acknowledged.TrySetException(
        new InDoubtException(ErrorCode.StoreFailed, $"A fault was injected into an append to ledger {writer.Id}; it may have been written."));
}

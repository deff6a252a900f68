namespace Daybook.Ledgers;

/// <summary>The one writer of an open ledger. Calls come from one thread at a time.</summary>
public interface ILedgerWriter : IAsyncDisposable
{
    /// <summary>The ledger.</summary>
    LedgerId Id { get; }

    /// <summary>The last entry that is acknowledged; every earlier one is too (invariant L2).</summary>
    EntryId LastAddConfirmed { get; }

    /// <summary>
    /// Appends an entry. Ids are given in the order of the calls, dense from 0, and acknowledged in that order. The call never blocks on
    /// the device; the task completes once the entry is durable. A call that returned a task not yet failed has been accepted in that
    /// order (see <see cref="ILedgerStore.OrdersAcrossLedgers"/>).
    /// </summary>
    /// <param name="entry">The bytes. They belong to the store until the task completes and must not change before.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.TooLarge"/> (nothing happened), <see cref="ErrorCode.LedgerFenced"/>,
    /// <see cref="ErrorCode.LedgerClosed"/>, <see cref="ErrorCode.NoSuchLedger"/>, <see cref="ErrorCode.StoreFailed"/>.</exception>
    Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry);

    /// <summary>Waits for what is in flight, then closes the ledger at its last acknowledged entry.</summary>
    ValueTask CloseAsync(CancellationToken cancellationToken = default);
}

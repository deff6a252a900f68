namespace Daybook.Ledgers;

/// <summary>
/// Where bytes go. A ledger is written once, by one writer, as entries 0, 1, 2 …, and is closed by its writer or by recovery.
/// The semantics are those of Apache BookKeeper; every provider passes the same compliance suite (<c>Daybook.Testing</c>).
/// </summary>
/// <remarks>
/// Failure model. An append that fails with <see cref="InDoubtException"/> or <see cref="ErrorCode.StoreFailed"/> may have been written:
/// only recovering the ledger decides, after which the answer never changes. An append that fails with
/// <see cref="ErrorCode.LedgerFenced"/>, immediately or later, must be taken the same way when it was in flight. After any failed append
/// the writer is dead: every pending and later append on it fails too (invariant L14).
/// </remarks>
public interface ILedgerStore
{
    /// <summary>The largest entry an append takes, in bytes.</summary>
    int MaxEntryBytes { get; }

    /// <summary>
    /// True when the store keeps one order across ledgers: an entry can only ever be found durable if every entry whose append call
    /// returned earlier without a failure, in any ledger of this store, is durable too. So an append to a fenced, closed or deleted
    /// ledger fails in the call itself, and after an accepted append was lost no append of any writer succeeds any more. The engine lets
    /// votes ride on that order (see <c>docs/transactions.md</c>); it never weakens what an acknowledgement means.
    /// </summary>
    bool OrdersAcrossLedgers { get; }

    /// <summary>Creates an open ledger. When it fails, no ledger that anybody could know of was created.</summary>
    /// <param name="metadata">What the creator records about the ledger, for good; copied. At most 1,024 bytes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.TooLarge"/> for metadata beyond the limit.</exception>
    ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default);

    /// <summary>Opens a ledger to read it, without disturbing its writer. It may be open or closed.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NoSuchLedger"/>.</exception>
    ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a ledger from its writer: fences it durably, finds its last entry, closes it there. Afterwards no append of the old writer is
    /// ever acknowledged (invariant F1), every acknowledged entry is in it (L1), and the last entry never changes. Recovering a closed
    /// ledger changes nothing. Concurrent recoveries agree.
    /// </summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NoSuchLedger"/>; or too few replicas answered, the ledger is then not closed
    /// and recovery may be tried again.</exception>
    ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default);

    /// <summary>Deletes a ledger; its space is reclaimed some time after. Deleting one that does not exist is a no-op. A writer that still
    /// has it gets an error on its next append, also after a restart (L22).</summary>
    ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default);

    /// <summary>
    /// True when listing ledgers and opening them needs no network, so that a book may compare them with its manifests at every opening. Where it is
    /// false, a book does so only when it finds no manifest.
    /// </summary>
    bool ListsLocally => false;

    /// <summary>The ledgers that exist, in no particular order. For audits and garbage collection.</summary>
    IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default);
}

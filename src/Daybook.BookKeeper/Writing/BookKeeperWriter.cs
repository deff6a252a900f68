using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Writing;
using Daybook.Ledgers;

namespace Daybook.BookKeeper;

/// <summary>
/// The one writer of an open ledger. Appends are sent immediately, to each entry's write quorum, and acknowledged in order once the ack quorum has them
/// (invariants L2, L3). A bookie that fails is replaced; while nobody can replace it, the writer goes on as long as every entry still
/// reaches its ack quorum.
/// </summary>
/// <remarks>After any failed append the writer is dead: recover the ledger, read on what was in doubt, and go on in a new one (L14, L15).</remarks>
public sealed class BookKeeperWriter : ILedgerWriter
{
    private readonly WriterDriver _driver;

    private BookKeeperWriter(WriterDriver driver) => _driver = driver;

    /// <inheritdoc/>
    public LedgerId Id => _driver.Ledger;

    /// <inheritdoc/>
    public EntryId LastAddConfirmed => _driver.LastAddConfirmed;

    /// <summary>The bytes of all entries up to <see cref="LastAddConfirmed"/>.</summary>
    public long Length => _driver.Length;

    /// <summary>
    /// Appends an entry. Ids are given in the order of the calls, dense from 0, and acknowledged in that order. The call never blocks: beyond
    /// <see cref="BookKeeperOptions.MaxPendingAdds"/> and <see cref="BookKeeperOptions.MaxPendingAddBytes"/> entries wait in the writer, unsent (L23).
    /// How many wait is for the caller to bound, by awaiting appends: each costs its bytes, which stay the caller's, and some 200 more.
    /// </summary>
    /// <param name="entry">The bytes. They belong to the writer until the task completes and must not change before.</param>
    /// <exception cref="InDoubtException">The entry may have been written; recovering the ledger and reading it decides (L15).</exception>
    /// <exception cref="DaybookException"><see cref="ErrorCode.TooLarge"/>: nothing happened, and the writer goes on. <see cref="ErrorCode.LedgerFenced"/>,
    /// <see cref="ErrorCode.NoSuchLedger"/>: a later owner has the ledger, or has deleted it; an entry that was under way may have been written all the same.
    /// Any of these errors, or why the writer died, with "was not written" in its message: the entry still waited and was sent to nobody.
    /// <see cref="ErrorCode.LedgerClosed"/>: this writer was closed or disposed, or has failed (<see cref="BookKeeperError.WriterFailed"/>;
    /// the cause is the inner exception). Trying again on this writer never helps.</exception>
    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry) => _driver.Append(entry);

    /// <summary>Waits for what is in flight, then closes the ledger at its last acknowledged entry.</summary>
    /// <param name="cancellationToken">Stops waiting; the close continues.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.LedgerFenced"/>: somebody else recovers the ledger or closed it elsewhere; closed by somebody else at the very
    /// same entry is success (L11). <see cref="ErrorCode.Unavailable"/>: ZooKeeper does not answer, call it again.
    /// <see cref="ErrorCode.LedgerClosed"/>
    /// (<see cref="BookKeeperError.WriterFailed"/>), or why the writer died: the ledger is not closed, and its recovery decides where it
    /// ends.</exception>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default) =>
        await _driver.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Lets go of the ledger without closing it; call <see cref="CloseAsync"/> before, or have it recovered. What is in flight goes on.</summary>
    public ValueTask DisposeAsync()
    {
        _driver.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The writer of a ledger whose creation is confirmed and that holds no entry (L16).</summary>
    internal static BookKeeperWriter Start(ClientServices services, VersionedMetadata created, LedgerCredentials credentials)
    {
        var driver = new WriterDriver(services, created, credentials);
        driver.Watch();
        return new BookKeeperWriter(driver);
    }
}

namespace Daybook.BookKeeper.Metadata;

/// <summary>Where the metadata of ledgers are kept, under compare-and-set.</summary>
/// <remarks>
/// Errors are <see cref="BookKeeperException"/>s: <see cref="BookKeeperError.NoSuchLedgerMetadata"/>, <see cref="BookKeeperError.MetadataVersion"/> for a lost
/// compare-and-set, <see cref="BookKeeperError.BadMetadata"/>, and <see cref="BookKeeperError.MetadataUnavailable"/> when ZooKeeper does not answer. A write whose
/// answer was lost is resolved inside, by reading what is there (invariants L11, L16, C2); only if that is impossible too is it
/// MetadataUnavailable, and may have been carried out.
/// </remarks>
internal interface ILedgerMetadataStore
{
    /// <summary>Makes up an id and creates the ledger with a random token, so that it knows its own node after a lost answer.</summary>
    /// <param name="template">Everything but id and token.</param>
    /// <param name="cancellationToken">Stops waiting; a ledger that was created already is deleted.</param>
    ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default);

    /// <summary>Creates a ledger of a given id.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.LedgerExists"/> when somebody else has created it.</exception>
    ValueTask<VersionedMetadata> CreateAtAsync(LedgerMetadata metadata, CancellationToken cancellationToken = default);

    /// <summary>Reads what is there.</summary>
    ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default);

    /// <summary>Reads what is there, and notifies of changes.</summary>
    ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default);

    /// <summary>Replaces metadata if their version is still the one that was read.</summary>
    /// <returns>What is there now: as given, with the new version.</returns>
    ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default);

    /// <summary>Deletes a ledger, and the parents that are empty then. One that does not exist is a no-op.</summary>
    ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default);

    /// <summary>The ledgers that exist, in no particular order.</summary>
    IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default);
}

/// <summary>Metadata as read, or as just written.</summary>
/// <param name="Value">The metadata.</param>
/// <param name="Version">Of the node; what a compare-and-set names.</param>
internal sealed record VersionedMetadata(LedgerMetadata Value, int Version);

/// <summary>Metadata, and word of their next change.</summary>
/// <param name="Now">As read.</param>
/// <param name="Changed">Completes, without a fault, when they have changed, were deleted, or may have been while ZooKeeper could not be heard: read again.</param>
internal sealed record WatchedMetadata(VersionedMetadata Now, Task Changed);

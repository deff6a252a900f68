using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Recovering;

/// <summary>Takes a ledger from its writer and closes it where it ends; drives <see cref="RecoveryMachine"/>.</summary>
internal static class LedgerRecovery
{
    /// <summary>The maximum number of recoveries started while another client keeps changing the metadata.</summary>
    public const int Tries = 8;

    /// <summary>
    /// Recovers a ledger; one that is closed already is left as it is. Afterwards its writer gets no add acknowledged, every acknowledged entry is in it
    /// (invariant L1), and concurrent recoveries return the same (L10).
    /// </summary>
    /// <param name="services">The client's.</param>
    /// <param name="ledger">Which.</param>
    /// <param name="credentials">The credentials that the caller gives; null takes those of the metadata.</param>
    /// <param name="cancellationToken">Stops waiting; the ledger may be left in recovery, or be closed.</param>
    /// <returns>The closed metadata, whichever client closed it.</returns>
    /// <exception cref="BookKeeperException">
    /// <see cref="BookKeeperError.Unauthorized"/>, <see cref="BookKeeperError.DigestMismatch"/>: the credentials are not the ledger's;
    /// <see cref="BookKeeperError.NotEnoughBookies"/>, or the error of a bookie: too few answered or took entries, the ledger stays in recovery and another
    /// try may succeed (L6); <see cref="BookKeeperError.NoSuchLedgerMetadata"/>; <see cref="BookKeeperError.MetadataUnavailable"/>: it may be closed or not;
    /// <see cref="BookKeeperError.MetadataVersion"/>: somebody else changes its metadata all the time.
    /// </exception>
    /// <remarks>Continues on the threads that bring answers: yield before a user gets the result.</remarks>
    public static async ValueTask<VersionedMetadata> RecoverAsync(
        ClientServices services, LedgerId ledger, LedgerCredentials? credentials, CancellationToken cancellationToken)
    {
        var metadata = new PatientMetadata(services);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var found = await metadata.ReadAsync(ledger, cancellationToken).ConfigureAwait(false);
            var known = LedgerCredentialsCheck.Resolve(found.Value, credentials);
            if (found.Value.State == LedgerState.Closed)
                return found;
            if (await TryRecoverAsync(services, metadata, found, known, cancellationToken).ConfigureAwait(false) is { } closed)
                return closed;
            RecoveryLog.Overtaken(services.Log, ledger);
        }
        throw new BookKeeperException(BookKeeperError.MetadataVersion, $"somebody else changed the metadata during each of {Tries} recoveries", ledger);
    }

    /// <summary>One recovery, from the metadata as found.</summary>
    /// <returns>Null when somebody else changed them meanwhile.</returns>
    private static async ValueTask<VersionedMetadata?> TryRecoverAsync(
        ClientServices services, PatientMetadata metadata, VersionedMetadata found, LedgerCredentials credentials, CancellationToken cancellationToken)
    {
        var begun = found.Value.State == LedgerState.InRecovery
            ? found
            : await metadata.TryWriteAsync(found.Value.InRecovery(), found.Version, cancellationToken).ConfigureAwait(false);
        if (begun is null)
            return null;
        var machine = new RecoveryMachine(begun.Value, credentials, services.Selection);
        try
        {
            await BookieConversation.RunAsync(services.Bookies, machine, cancellationToken).ConfigureAwait(false);
        }
        catch (BookKeeperException e)
        {
            RecoveryLog.Failed(services.Log, begun.Value.Ledger, e.Message);
            throw;
        }
        var closed = await metadata.TryWriteAsync(machine.Closed!, begun.Version, cancellationToken).ConfigureAwait(false);
        if (closed is not null)
            RecoveryLog.Recovered(services.Log, closed.Value.Ledger, closed.Value.LastEntry, closed.Value.Length);
        return closed;
    }
}

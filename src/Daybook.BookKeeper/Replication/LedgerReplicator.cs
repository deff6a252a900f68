using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Recovering;

namespace Daybook.BookKeeper.Replication;

/// <summary>Makes the copies again that a lost bookie held, ledger by ledger: copy first, then one compare-and-set that names the new bookie.</summary>
/// <remarks>May be stopped and run again at any time: finished fragments stay finished, others still name the lost bookie. Several may run
/// concurrently. Continues on the threads that bring answers: yield before a user gets the result.</remarks>
internal sealed class LedgerReplicator(ClientServices services, ReplicationOptions options)
{
    private const int Tries = 3;

    private readonly PatientMetadata _metadata = new(services);
    private readonly List<LedgerId> _left = [];
    private readonly List<ReplicationFailure> _failures = [];
    private int _ledgers;
    private int _fragments;
    private long _entries;

    /// <summary>Does it for all ledgers that there are. Called once.</summary>
    /// <param name="lost">The bookie that is gone.</param>
    /// <param name="cancellationToken">Stops in between.</param>
    /// <returns>What was done, and all that was not.</returns>
    /// <exception cref="BookKeeperException">The ledgers could not be listed.</exception>
    public async ValueTask<ReplicationReport> ReplicateAsync(BookieId lost, CancellationToken cancellationToken)
    {
        await foreach (var ledger in services.Metadata.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await ReplicateAsync(ledger, lost, cancellationToken).ConfigureAwait(false);
            }
            catch (BookKeeperException e) when (e.Error != BookKeeperError.NoSuchLedgerMetadata)
            {
                Report(ledger, null, e);
            }
            catch (BookKeeperException)
            {
                // Deleted since it was listed: nothing is to be done for it.
            }
        }
        return new ReplicationReport(lost, _ledgers, _fragments, _entries, _left, _failures);
    }

    private async ValueTask ReplicateAsync(LedgerId ledger, BookieId lost, CancellationToken cancellationToken)
    {
        var found = (await _metadata.ReadAsync(ledger, cancellationToken).ConfigureAwait(false)).Value;
        if (!found.Segments.Any(segment => segment.Bookies.Contains(lost)))
            return;
        _ledgers++;
        if (found.State != LedgerState.Closed && found.Current.Bookies.Contains(lost))
        {
            if (options.RecoverOpenLedgers)
                found = (await LedgerRecovery.RecoverAsync(services, ledger, null, cancellationToken).ConfigureAwait(false)).Value;
            else
                _left.Add(ledger);
        }
        foreach (var fragment in Fragment.Of(found, lost))
        {
            try
            {
                await ReplicateAsync(fragment, cancellationToken).ConfigureAwait(false);
            }
            catch (BookKeeperException e) when (e.Error != BookKeeperError.NoSuchLedgerMetadata)
            {
                Report(ledger, fragment.Segment.First, e);
            }
        }
    }

    private async ValueTask ReplicateAsync(Fragment fragment, CancellationToken cancellationToken)
    {
        var credentials = LedgerCredentialsCheck.Resolve(fragment.Metadata, null);
        for (var attempt = 1; ; attempt++)
        {
            var target = services.Selection.ChooseReplacement(fragment.Metadata.Sizes, fragment.Segment.Bookies, fragment.Position)
                ?? throw new BookKeeperException(BookKeeperError.NotEnoughBookies, "nobody is left to take the copies", fragment.Metadata.Ledger);
            var copy = new CopyMachine(fragment, credentials, target);
            try
            {
                await BookieConversation.RunAsync(services.Bookies, copy, cancellationToken).ConfigureAwait(false);
            }
            catch (BookKeeperException) when (copy.HasTargetFailed && attempt < Tries)
            {
                services.Selection.Avoid(target);
                continue;
            }
            // Where no entry was copied, nothing has shown yet that the other bookie lives.
            if (copy.Copied == 0 && !await BookieProbe.AnswersAsync(services, target, fragment.Metadata.Ledger).ConfigureAwait(false))
            {
                services.Selection.Unanswered(target);
                if (attempt == Tries)
                    throw new BookKeeperException(BookKeeperError.NotEnoughBookies, "no available bookie can take the copies", fragment.Metadata.Ledger, bookie: target);
                continue;
            }
            if (await ExchangeAsync(fragment, target, cancellationToken).ConfigureAwait(false))
                (_fragments, _entries) = (_fragments + 1, _entries + copy.Copied);
            return;
        }
    }

    /// <summary>Names the new bookie in the place of the lost one.</summary>
    /// <returns>False when somebody else has named another one.</returns>
    private async ValueTask<bool> ExchangeAsync(Fragment fragment, BookieId target, CancellationToken cancellationToken)
    {
        var (ledger, first) = (fragment.Metadata.Ledger, fragment.Segment.First);
        for (var attempt = 0; attempt < LedgerRecovery.Tries; attempt++)
        {
            var found = await _metadata.ReadAsync(ledger, cancellationToken).ConfigureAwait(false);
            var (begins, bookies) = found.Value.SegmentOf(first);
            if (bookies[fragment.Position] != fragment.Segment.Bookies[fragment.Position])
                return bookies[fragment.Position] == target;
            var changed = found.Value.ReplaceBookies(begins, bookies.SetItem(fragment.Position, target));
            if (await _metadata.TryWriteAsync(changed, found.Version, cancellationToken).ConfigureAwait(false) is not null)
                return true;
        }
        throw new BookKeeperException(BookKeeperError.MetadataVersion, "somebody else changes the metadata all the time", ledger);
    }

    private void Report(LedgerId ledger, EntryId? first, BookKeeperException error)
    {
        _failures.Add(new ReplicationFailure(ledger, first, error));
        ReplicationLog.Failed(services.Log, ledger, error.Message);
    }
}

using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Reading;

/// <summary>Reads the LAC of an open ledger: asks all bookies of the last ensemble for their highest entry, until so many have answered that no
/// acknowledgement can be unknown to all of them.</summary>
internal sealed class LacRead : IReadAnswers
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<EntryId> _result = new();
    private readonly LedgerMetadata _metadata;
    private readonly LedgerCredentials _credentials;
    private readonly EnsembleCoverage _coverage;
    private EntryId _lac;

    private LacRead(LedgerMetadata metadata, LedgerCredentials credentials)
    {
        (_metadata, _credentials, _coverage) = (metadata, credentials, new EnsembleCoverage(metadata.Sizes));
        _lac = new EntryId(metadata.Current.First.Value - 1);
    }

    /// <inheritdoc cref="ReadLac"/>
    public static ValueTask<EntryId> RunAsync(
        ClientServices services, LedgerMetadata metadata, LedgerCredentials credentials, CancellationToken cancellationToken)
    {
        var read = new LacRead(metadata, credentials);
        for (var position = 0; position < metadata.Sizes.Ensemble; position++)
            services.Bookies.Read(metadata.Current.Bookies[position], new ReadRequest(metadata.Ledger, EntryId.None), read, position);
        return Threads.ComeBackFrom(read._result.Task, cancellationToken);
    }

    public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response)
    {
        try
        {
            Take(position, LacOf(bookie, response));
        }
        catch (BookKeeperException failure)
        {
            Fail(position, failure);
        }
    }

    private EntryId LacOf(BookieId bookie, in ReadResponse response)
    {
        var told = response.MaxLac ?? EntryId.None;
        if (response.Status is BookieStatus.NoEntry or BookieStatus.NoLedger)
            return told;
        if (response.Status != BookieStatus.Ok)
            throw BookieErrors.Of(response.Status, isWrite: false, _metadata.Ledger, EntryId.None, bookie);
        var header = PackagedEntry.Open(response.Body, _metadata.Ledger, EntryId.None, _credentials.Digest, bookie).Header;
        return header.LastAddConfirmed > told ? header.LastAddConfirmed : told;
    }

    private void Take(int position, EntryId lac)
    {
        lock (_lock)
        {
            _lac = lac > _lac ? lac : _lac;
            _coverage.Know(position);
            if (!_coverage.IsCovered)
                return;
        }
        _result.TrySetResult(_lac);
    }

    private void Fail(int position, BookKeeperException failure)
    {
        lock (_lock)
        {
            _coverage.Fail(position);
            if (!_coverage.IsImpossible)
                return;
        }
        _result.TrySetException(new BookKeeperException(
            BookKeeperError.EntryUnavailable, "too few bookies tell what is acknowledged", _metadata.Ledger, EntryId.None, failure.Bookie, failure));
    }
}

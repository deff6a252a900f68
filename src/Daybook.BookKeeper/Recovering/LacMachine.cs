using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Recovering;

/// <summary>How the bookies are asked what they know of a ledger's LAC. Only what a digest covers is believed: the number that comes with an answer to a read is not.</summary>
internal enum LacQuestion
{
    /// <summary>By the LAC that the writer wrote explicitly, and their last entry, which carries the LAC of its writer when it was sent.</summary>
    Explicit,

    /// <summary>By their last entry, and the ledger is fenced on them: the first step of a recovery.</summary>
    Fence,
}

/// <summary>
/// Finds the LAC of a ledger that is not closed: asks all bookies of the last ensemble, until enough have answered that no ack quorum was
/// missed. What is damaged or of another ledger counts as no answer.
/// </summary>
/// <remarks>The facts of the protocol, section 6, "Read LAC" and "Open with recovery" (2). A LAC is never below the entry before the last segment: only
/// acknowledged entries precede an ensemble change (invariant L8).</remarks>
internal sealed class LacMachine(LedgerMetadata metadata, LedgerCredentials credentials, LacQuestion question) : BookieMachine
{
    private readonly EnsembleCoverage _coverage = new(metadata.Sizes);
    private BookKeeperException? _lastError;

    /// <summary>The highest LAC that was heard of; the result once the machine is done without a failure.</summary>
    public EntryId Lac { get; private set; } = new(metadata.Current.First.Value - 1);

    public override void Start()
    {
        for (var position = 0; position < metadata.Sizes.Ensemble; position++)
            Send(Question(metadata.Current.Bookies[position], position));
    }

    protected override void Hear(BookieAnswer answer)
    {
        try
        {
            Learn(answer);
            _coverage.Know(answer.Position);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.Unauthorized)
        {
            Fail(e);
            return;
        }
        catch (BookKeeperException e)
        {
            _lastError = e;
            _coverage.Fail(answer.Position);
        }
        if (_coverage.IsCovered)
            Finish();
        else if (_coverage.IsImpossible)
            Fail(TooFew());
    }

    private BookieRequest Question(BookieId bookie, int position) => question switch
    {
        LacQuestion.Explicit => new SendReadLac(bookie, position, metadata.Ledger),
        _ => new SendRead(bookie, position, new ReadRequest(metadata.Ledger, EntryId.None, ReadOptions.Fence, credentials.MasterKey)),
    };

    private void Learn(BookieAnswer answer)
    {
        if (answer.Status is not (BookieStatus.Ok or BookieStatus.NoEntry or BookieStatus.NoLedger))
            throw BookieErrors.Of(answer.Status, isWrite: false, metadata.Ledger, EntryId.None, answer.Bookie);
        switch (answer)
        {
            case ReadAnswered { Response: var read }:
                if (answer.Status == BookieStatus.Ok || !read.Body.IsEmpty)
                    Raise(LacDigests.OfLastEntry(read.Body, metadata.Ledger, credentials.Digest, answer.Bookie));
                break;
            case LacAnswered { Answer: var lac }:
                Raise(LacDigests.Of(lac, metadata.Ledger, credentials.Digest, answer.Bookie));
                break;
        }
    }

    private void Raise(EntryId lac)
    {
        if (lac > Lac)
            Lac = lac;
    }

    private BookKeeperException TooFew()
    {
        const string Problem = "too few bookies of the last ensemble answered to be sure that no ack quorum was missed";
        return new BookKeeperException(BookKeeperError.NotEnoughBookies, Problem, metadata.Ledger, bookie: _lastError?.Bookie, inner: _lastError);
    }
}

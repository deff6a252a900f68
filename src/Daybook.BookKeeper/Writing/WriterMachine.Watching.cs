using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Writing;

/// <content>
/// What a writer learns of its ledger without having asked: that another has it now or has deleted it, also when no bookie reports it any more
/// (invariants L14, L22); and that a bookie of an earlier segment was replaced, on top of which its next change goes.
/// </content>
internal sealed partial class WriterMachine
{
    private VersionedMetadata? _observed;

    /// <summary>True while changes of the metadata matter: a fenced writer has yet to hear that its ledger is deleted.</summary>
    public bool FollowsMetadata => MayWriteMetadata || _failure is { Error: BookKeeperError.LedgerFenced };

    /// <summary>The metadata as read after they may have changed. Older ones, and those that this writer wrote itself, are ignored.</summary>
    public void Observed(VersionedMetadata now)
    {
        if (_observed is null || now.Version > _observed.Version)
            _observed = now;
        TakeObserved();
    }

    /// <summary>The ledger was deleted.</summary>
    public void Gone(BookKeeperException error)
    {
        if (_state == WriterState.Writing)
            Die(error);
        else if (_state == WriterState.Dead && FollowsMetadata)
            _failure = error;
    }

    /// <summary>While a compare-and-set of this writer is under way, an open ledger may be its own doing: then it waits for what comes of that.</summary>
    private void TakeObserved()
    {
        if (_state != WriterState.Writing || _observed is not { } now || now.Version <= _metadata.Version)
            return;
        if (now.Value.State != LedgerState.Open)
            EndedElsewhere(now);
        else if (_change != ChangeState.Writing)
            Follow(now);
    }

    private void EndedElsewhere(VersionedMetadata now)
    {
        if (!_closeRequested || !_adds.IsEmpty || !EndsHere(now.Value))
        {
            Die(WriterErrors.TakenOver(now.Value, LastAddConfirmed, Length));
            return;
        }
        // An earlier close of this writer, of which no answer came.
        (_metadata, _state) = (now, WriterState.Closed);
        _effects.Closed(null);
    }

    /// <summary>Somebody else changed the metadata, and left the ledger open: what is there now is what counts.</summary>
    private void Follow(VersionedMetadata now)
    {
        if (now.Value.Current.First > LastAddConfirmed.Next || now.Value.Sizes != _sizes)
        {
            Die(new BookKeeperException(BookKeeperError.MetadataVersion, $"somebody else writes it, from entry {now.Value.Current.First} on", _ledger));
            return;
        }
        _changeWanted |= _change == ChangeState.Choosing && !now.Value.Current.Bookies.SequenceEqual(_ensemble.Bookies);
        Adopt(now);
    }
}

using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Writing;

/// <content>What came of compare-and-sets; how a writer closes its ledger, or dies.</content>
internal sealed partial class WriterMachine
{
    private BookKeeperException? _failure;
    private BookKeeperException? _fence;
    private bool _closeRequested;

    /// <summary>True while this writer may write metadata; never again once it is fenced or dead (invariant L14).</summary>
    public bool MayWriteMetadata => _state is WriterState.Writing or WriterState.Closing;

    /// <summary>Closes the ledger once everything is acknowledged; nothing is appended from here on.</summary>
    public void Close()
    {
        _closeRequested = true;
        switch (_state)
        {
            case WriterState.Writing:
                CloseIfDrained();
                break;
            case WriterState.Closed:
                _effects.Closed(null);
                break;
            case WriterState.Dead:
                _effects.Read();
                break;
            default:
                break;
        }
    }

    /// <summary>Lets go of the ledger: nothing is appended from here on, what is under way goes on, and the ledger stays open.</summary>
    public void LetGo() => _failure ??= WriterErrors.Closed(_ledger);

    /// <summary>A compare-and-set was carried out.</summary>
    public void Written(VersionedMetadata now)
    {
        if (_state == WriterState.Closing)
        {
            _metadata = now;
            _state = WriterState.Closed;
            _effects.Closed(null);
        }
        else if (_state == WriterState.Writing && _change == ChangeState.Writing)
        {
            Adopt(now);
            EndChange();
        }
    }

    /// <summary>A compare-and-set was lost: somebody changed the metadata, perhaps this writer itself by a write whose answer was lost.</summary>
    public void Lost(VersionedMetadata now)
    {
        if (!MayWriteMetadata)
            return;
        if (_state == WriterState.Closing && EndsHere(now.Value))
            Written(now);
        else if (now.Value.State != LedgerState.Open)
            Die(WriterErrors.TakenOver(now.Value, LastAddConfirmed, Length));
        else if (_state == WriterState.Closing)
            WriteClose(now);
        else
            ChangeAgain(now);
    }

    /// <summary>It is not known what came of a compare-and-set, or the ledger is gone.</summary>
    public void NotWritten(BookKeeperException error)
    {
        if (!MayWriteMetadata)
            return;
        if (_state == WriterState.Closing && error.Error != BookKeeperError.NoSuchLedgerMetadata)
        {
            // Closing may be asked for again: it then finds out what came of this time.
            _state = WriterState.Writing;
            _effects.Closed(error);
            return;
        }
        Die(error);
    }

    /// <summary>The driver cannot go on.</summary>
    public void Stop(BookKeeperException error)
    {
        if (_state is WriterState.Writing or WriterState.Dying)
            Die(error);
        else if (_state != WriterState.Closed)
            _effects.Closed(error);
    }

    /// <summary>The metadata of a writer that is fenced or dead were read.</summary>
    /// <param name="now">What is there; null when it could not be read.</param>
    /// <param name="error">Why not.</param>
    public void Seen(VersionedMetadata? now, BookKeeperException? error)
    {
        if (_state == WriterState.Dying)
            Die(EndOf(now, error));
        else if (_state == WriterState.Dead)
            _effects.Closed(EndOfClose(now, error));
    }

    /// <summary>Why a dying writer ends, now that it has looked: the ledger is deleted, a later owner has it, or what it saw itself.</summary>
    private BookKeeperException EndOf(VersionedMetadata? now, BookKeeperException? error)
    {
        if (error is { Error: BookKeeperError.NoSuchLedgerMetadata })
            return error;
        return now is { Value.State: not LedgerState.Open } && _fence is { Error: not BookKeeperError.LedgerFenced }
            ? WriterErrors.TakenOver(now.Value, LastAddConfirmed, Length)
            : _fence!;
    }

    /// <summary>The result of closing a dead writer: another client may have closed the ledger at the same entry. While that is unknown,
    /// closing may be retried.</summary>
    private BookKeeperException? EndOfClose(VersionedMetadata? now, BookKeeperException? error)
    {
        if (now is not null && EndsHere(now.Value))
            return null;
        return now is null && _failure!.IsTransient ? error : WriterErrors.NotClosed(_ledger, _failure!);
    }

    /// <summary>A bookie refused this writer permanently. Nothing is acknowledged or sent any more; a deleted ledger is distinguished from
    /// a fenced one (invariant L22).</summary>
    private void Refused(BookKeeperException refusal)
    {
        if (refusal.Error == BookKeeperError.Unauthorized)
        {
            Die(refusal);
            return;
        }
        (_state, _fence) = (WriterState.Dying, refusal);
        _effects.Read();
    }

    private void ChangeAgain(VersionedMetadata now)
    {
        Follow(now);
        if (_state != WriterState.Writing)
            return;
        _changeWanted |= _ensemble.HasFailed;
        EndChange();
    }

    private void CloseIfDrained()
    {
        if (_closeRequested && _state == WriterState.Writing && _adds.IsEmpty && _change == ChangeState.None)
            WriteClose(_metadata);
    }

    private void WriteClose(VersionedMetadata now)
    {
        (_metadata, _state) = (now, WriterState.Closing);
        _effects.Write(now.Value.Close(LastAddConfirmed, Length), now.Version);
    }

    private bool EndsHere(LedgerMetadata now) => now.State == LedgerState.Closed && now.LastEntry == LastAddConfirmed && now.Length == Length;

    private void Die(BookKeeperException failure)
    {
        var firstUnsent = _unsent;
        (_state, _failure, _change) = (WriterState.Dead, failure, ChangeState.None);
        _adds.Clear();
        _unsent = _adds.Next;
        _effects.Fail(failure, firstUnsent);
        if (_closeRequested)
            _effects.Read();
    }
}

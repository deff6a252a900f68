using System.Collections.Immutable;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Writing;

/// <content>What the failure of a bookie leads to: another one in its place, or going on without it (decision 6).</content>
internal sealed partial class WriterMachine
{
    private ChangeState _change;
    private bool _changeWanted;
    private bool _probing;
    private BookKeeperException? _lastFailure;

    /// <summary>True while bookies have failed that nobody replaces; then <see cref="LookAgain"/> is due from time to time.</summary>
    public bool LacksBookies => _state == WriterState.Writing && _ensemble.HasFailed;

    /// <summary>Time has passed: perhaps there are replacements now, or failed bookies are back.</summary>
    public void LookAgain()
    {
        if (!LacksBookies)
            return;
        (_probing, _changeWanted) = (true, true);
        BeginChange();
    }

    /// <summary>Replacements were looked for.</summary>
    /// <param name="replacements">As many as were found.</param>
    public void Chosen(ImmutableArray<Replacement> replacements)
    {
        if (_state != WriterState.Writing || _change != ChangeState.Choosing)
            return;
        if (_changeWanted)
        {
            // Others failed while replacements were chosen: all are replaced in one change.
            _change = ChangeState.None;
            BeginChange();
            return;
        }
        var bookies = WithReplacements(replacements);
        if (bookies.SequenceEqual(_ensemble.Bookies))
        {
            EndChange();
            return;
        }
        _change = ChangeState.Writing;
        _effects.Write(_metadata.Value.ChangeEnsemble(LastAddConfirmed.Next, bookies), _metadata.Version);
    }

    private void Failed(int position, BookieStatus status, EntryId entry)
    {
        switch (_ensemble.Fail(position))
        {
            case PositionState.Good:
                _lastFailure = BookieErrors.Of(status, isWrite: true, _ledger, entry, _ensemble[position]);
                _effects.Avoid(_ensemble[position]);
                _changeWanted = true;
                BeginChange();
                break;
            case PositionState.Probed when _change == ChangeState.None:
                ExpectQuorums();
                break;
            default:
                break;
        }
    }

    private void BeginChange()
    {
        if (_state != WriterState.Writing || _change != ChangeState.None || !_changeWanted)
            return;
        (_change, _changeWanted) = (ChangeState.Choosing, false);
        _effects.Choose(_ensemble.Bookies, _ensemble.Failed);
    }

    /// <summary>Replacements that are in the ensemble already, or that come twice, are none (invariant L13).</summary>
    private ImmutableArray<BookieId> WithReplacements(ImmutableArray<Replacement> replacements)
    {
        var (before, after) = (_ensemble.Bookies, _ensemble.Bookies);
        foreach (var (position, bookie) in replacements)
        {
            if (!before.Contains(bookie) && !after.Contains(bookie))
                after = after.SetItem(position, bookie);
        }
        return after;
    }

    /// <summary>Applies written metadata: replaced positions get the entries in flight again, and answers of their old bookies are
    /// discarded.</summary>
    private void Adopt(VersionedMetadata now)
    {
        _metadata = now;
        var bookies = now.Value.Current.Bookies;
        for (var position = 0; position < bookies.Length; position++)
        {
            if (_ensemble[position] == bookies[position])
                continue;
            _ensemble.Replace(position, bookies[position]);
            for (var entry = _adds.First; entry < _unsent; entry = entry.Next)
                _adds[entry].Acks.Replace(position);
            ResendLacking(position);
        }
    }

    private void EndChange()
    {
        _change = ChangeState.None;
        TakeObserved();
        BeginChange();
        if (_state == WriterState.Writing && _change == ChangeState.None && _ensemble.HasFailed)
            GoOnWithout();
        Advance();
        CloseIfDrained();
    }

    /// <summary>Nobody replaces what has failed: what can still get its quorum does.</summary>
    private void GoOnWithout()
    {
        if (_probing)
        {
            foreach (var position in _ensemble.Failed)
                Probe(position);
        }
        _probing = false;
        ExpectQuorums();
    }

    /// <summary>Tries the oldest entry that a failed position lacks there, or else the next one that will be sent.</summary>
    private void Probe(int position)
    {
        if (!_ensemble.WantProbe(position))
            return;
        for (var entry = _adds.First; entry < _unsent; entry = entry.Next)
        {
            if (!_adds[entry].Acks.Lacks(position))
                continue;
            if (_ensemble.TakesNext(position))
                Send(position, entry);
            return;
        }
    }

    private void ExpectQuorums()
    {
        for (var entry = _adds.First; entry < _unsent; entry = entry.Next)
        {
            if (CanReachQuorum(entry))
                continue;
            LackQuorum(entry);
            return;
        }
    }

    /// <summary>
    /// A later owner may be why: bookies forget ledgers that were closed and deleted, and a writer that was stopped for long lost its watch. The metadata decide.
    /// </summary>
    private void LackQuorum(EntryId entry)
    {
        (_state, _fence) = (WriterState.Dying, NotEnough(entry));
        _effects.Read();
    }

    private bool CanReachQuorum(EntryId entry)
    {
        var copies = _sizes.WriteSetOf(entry);
        var possible = 0;
        for (var copy = 0; copy < copies.Count; copy++)
            possible += _ensemble.CanAnswer(copies[copy]) || !_adds[entry].Acks.Lacks(copies[copy]) ? 1 : 0;
        return possible >= _sizes.Ack;
    }

    private BookKeeperException NotEnough(EntryId entry)
    {
        var failed = string.Join(", ", _ensemble.Failed.Select(position => _ensemble[position]));
        return new BookKeeperException(BookKeeperError.NotEnoughBookies,
            $"fewer than {_sizes.Ack} bookies of its write set are left, nobody can replace {failed}", _ledger, entry, inner: _lastFailure);
    }
}

namespace Daybook.BookKeeper.Writing;

/// <content>
/// The explicit LAC. The LAC of an entry travels in the next one, so after a burst readers do not learn of its end; a writer that appends nothing more
/// sends it (invariant L19).
/// </content>
internal sealed partial class WriterMachine
{
    private const int MaxTries = 3;
    private EntryId _toldLac = EntryId.None;
    private EntryId _nextAtTick = EntryId.None;
    private bool _telling;
    private int _tries;

    /// <summary>The explicit-LAC interval has passed: without an append since the last call, the LAC is sent for the readers.</summary>
    /// <returns>True when it must be called again.</returns>
    public bool Quiet()
    {
        if (_state != WriterState.Writing || _toldLac == LastAddConfirmed)
            return !_adds.IsEmpty && _state == WriterState.Writing;
        if (_nextAtTick != _adds.Next)
            (_nextAtTick, _tries) = (_adds.Next, 0);
        else if (!_telling)
            return SendLac();
        return true;
    }

    /// <summary>An explicit LAC was written.</summary>
    /// <param name="lac">Which.</param>
    /// <param name="enough">Whether as many bookies as the ack quorum have it.</param>
    public void LacTold(EntryId lac, bool enough)
    {
        _telling = false;
        if (enough && lac > _toldLac)
            _toldLac = lac;
    }

    private bool SendLac()
    {
        if (_tries++ == MaxTries)
            return false;
        _telling = true;
        var copies = _sizes.WriteSetOf(LastAddConfirmed);
        _effects.TellLac(LastAddConfirmed, [.. Enumerable.Range(0, copies.Count).Select(copy => _ensemble[copies[copy]])]);
        return true;
    }
}

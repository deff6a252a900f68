using System.Collections.Immutable;

namespace Daybook.BookKeeper.Writing;

/// <summary>Whether a position of the ensemble is written to.</summary>
internal enum PositionState : byte
{
    Good,

    /// <summary>Its bookie failed, and nobody has replaced it yet.</summary>
    Failed,

    /// <summary>Failed, but the next entry is sent to it to see whether it is back.</summary>
    ProbeWanted,

    /// <summary>Failed; one entry was sent to it, and its answer decides.</summary>
    Probed,
}

/// <summary>
/// The bookie at each position. A tag distinguishes answers; it changes whenever a position changes hands or is tried anew: a late answer
/// from before then is no answer (invariant L12).
/// </summary>
internal sealed class WriterEnsemble(ImmutableArray<BookieId> bookies)
{
    private readonly BookieId[] _bookies = [.. bookies];
    private readonly int[] _tags = [.. Enumerable.Range(0, bookies.Length)];
    private readonly PositionState[] _states = new PositionState[bookies.Length];
    private int _failed;

    public int Count => _bookies.Length;

    public BookieId this[int position] => _bookies[position];

    /// <summary>True while some position is not good.</summary>
    public bool HasFailed => _failed > 0;

    public ImmutableArray<BookieId> Bookies => [.. _bookies];

    /// <summary>The positions that are not good.</summary>
    public ImmutableArray<int> Failed => [.. Enumerable.Range(0, Count).Where(position => _states[position] != PositionState.Good)];

    public int TagOf(int position) => _tags[position];

    public int PositionOf(int tag) => tag % Count;

    /// <summary>True when an answer is one to what was sent since the position last changed hands.</summary>
    public bool IsCurrent(BookieId bookie, int tag) => _tags[PositionOf(tag)] == tag && _bookies[PositionOf(tag)] == bookie;

    /// <summary>True when the position may still acknowledge what it lacks.</summary>
    public bool CanAnswer(int position) => _states[position] is PositionState.Good or PositionState.Probed;

    /// <summary>True when an entry is to be sent to the position; one that is to be probed is then.</summary>
    public bool TakesNext(int position)
    {
        if (_states[position] != PositionState.ProbeWanted)
            return _states[position] == PositionState.Good;
        _states[position] = PositionState.Probed;
        return true;
    }

    /// <summary>The bookie failed an add.</summary>
    /// <returns>What the position was before.</returns>
    public PositionState Fail(int position)
    {
        var before = _states[position];
        Set(position, PositionState.Failed);
        return before;
    }

    /// <summary>The bookie took an entry.</summary>
    /// <returns>True when that shows a failed one to be back.</returns>
    public bool Recovers(int position)
    {
        if (_states[position] != PositionState.Probed)
            return false;
        Set(position, PositionState.Good);
        return true;
    }

    /// <summary>The next entry for a failed position is to be tried there.</summary>
    /// <returns>False when the position is not just failed.</returns>
    public bool WantProbe(int position)
    {
        if (_states[position] != PositionState.Failed)
            return false;
        _states[position] = PositionState.ProbeWanted;
        _tags[position] += Count;
        return true;
    }

    public void Replace(int position, BookieId bookie)
    {
        _bookies[position] = bookie;
        _tags[position] += Count;
        Set(position, PositionState.Good);
    }

    private void Set(int position, PositionState state)
    {
        _failed += (state == PositionState.Good ? 0 : 1) - (_states[position] == PositionState.Good ? 0 : 1);
        _states[position] = state;
    }
}

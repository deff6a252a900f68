namespace Daybook.Testing.Histories.Linearizability;

/// <summary>
/// Looks for a linearization of one key's operations: Wing and Gong's search with Lowe's cache of configurations, as in
/// "Testing for linearizability" (Lowe, 2017). Open operations, those without a completion, may be placed anywhere after their call or left
/// out; they are tried last, so that the first configurations met are those that use few of them.
/// </summary>
internal sealed class LinearizationSearch<TState, TCall, TReturn>
{
    private readonly string _key;
    private readonly ISequentialModel<TState, TCall, TReturn> _model;
    private readonly BudgetMeter _budget;
    private readonly Operation<TCall, TReturn>[] _completed;
    private readonly OpenOperations<TCall, TReturn> _open;
    private readonly EntryList _entries;
    private readonly OperationSet _linearized;
    private readonly ConfigurationCache<TState> _seen = new();
    private Placement? _latest;
    private TState _state;
    private int _unplaced;
    private DeadEnd? _furthest;

    public LinearizationSearch(
        string key, IEnumerable<Operation<TCall, TReturn>> operations, ISequentialModel<TState, TCall, TReturn> model, BudgetMeter budget)
    {
        (_key, _model, _budget, _state) = (key, model, budget, model.Initial);
        var isOpen = operations.ToLookup(o => o.Completed == LogicalTime.Never);
        _completed = [.. isOpen[false]];
        _open = new OpenOperations<TCall, TReturn>([.. isOpen[true]]);
        _entries = new EntryList([.. _completed.Select(o => (o.Invoked, o.Completed))]);
        _linearized = new OperationSet(_completed.Length);
        _unplaced = _completed.Length;
    }

    public LinearizabilityResult<TCall, TReturn> Run()
    {
        var next = FirstCandidate();
        while (_unplaced > 0)
        {
            if (next is not { } candidate)
            {
                NoteDeadEnd();
                if (_latest is null) return new(LinearizabilityVerdict.NotLinearizable, Violation(_furthest!), _budget.Steps);
                next = CandidateAfter(TakeBack(_latest));
                continue;
            }
            if (!_budget.TrySpend()) return new(LinearizabilityVerdict.Unknown, null, _budget.Steps);
            next = TryPlace(candidate) ? FirstCandidate() : CandidateAfter(candidate);
        }
        return new(LinearizabilityVerdict.Linearizable, null, _budget.Steps);
    }

    private Candidate? FirstCandidate() => _unplaced == 0 ? null : new Candidate(IsOpen: false, _entries.First);

    private Candidate? CandidateAfter(Candidate candidate)
    {
        if (!candidate.IsOpen && _entries.Next(candidate.Index) is var entry && _entries.IsCall(entry)) return new(IsOpen: false, entry);
        var deadline = _completed[_entries.FirstToReturn].Completed;
        var usable = _open.NextUsable(candidate.IsOpen ? candidate.Index + 1 : 0, deadline);
        return usable is { } index ? new Candidate(IsOpen: true, index) : null;
    }

    private bool TryPlace(Candidate candidate)
    {
        var operation = OperationOf(candidate);
        var (next, answer) = _model.Apply(_state, operation.Call);
        var isWorthIt = candidate.IsOpen
            ? !EqualityComparer<TState>.Default.Equals(next, _state)
            : EqualityComparer<TReturn>.Default.Equals(answer, operation.Return);
        if (!isWorthIt) return false;
        var set = SetOf(candidate);
        set.Add(candidate.Index);
        if (!_seen.TryAdd(_linearized, _open.Used, next))
        {
            set.Remove(candidate.Index);
            return false;
        }
        _latest = new Placement(candidate, _state, _latest);
        _state = next;
        if (candidate.IsOpen) return true;
        _entries.Lift(candidate.Index);
        _unplaced--;
        return true;
    }

    private Candidate TakeBack(Placement placement)
    {
        var candidate = placement.Placed;
        (_state, _latest) = (placement.Before, placement.Previous);
        SetOf(candidate).Remove(candidate.Index);
        if (candidate.IsOpen) return candidate;
        _entries.PutBack(candidate.Index);
        _unplaced++;
        return candidate;
    }

    private void NoteDeadEnd()
    {
        var blocked = _completed[_entries.FirstToReturn];
        if (_furthest is null || blocked.Completed > _furthest.Blocked.Completed) _furthest = new DeadEnd(blocked, _latest, _state);
    }

    private LinearizabilityViolation<TCall, TReturn> Violation(DeadEnd furthest)
    {
        var prefix = new List<Operation<TCall, TReturn>>();
        for (var placement = furthest.Latest; placement is not null; placement = placement.Previous)
            prefix.Add(OperationOf(placement.Placed));
        prefix.Reverse();
        return new(_key, prefix, furthest.Blocked, $"{furthest.State}");
    }

    private Operation<TCall, TReturn> OperationOf(Candidate candidate) =>
        candidate.IsOpen ? _open[candidate.Index] : _completed[candidate.Index];

    private OperationSet SetOf(Candidate candidate) => candidate.IsOpen ? _open.Used : _linearized;

    /// <summary>An operation to try next: the index among the open ones, or among the completed ones.</summary>
    private readonly record struct Candidate(bool IsOpen, int Index);

    /// <summary>A step of the search, linked to the one before it, so that a dead end can be kept without copying the way to it.</summary>
    private sealed record Placement(Candidate Placed, TState Before, Placement? Previous);

    private sealed record DeadEnd(Operation<TCall, TReturn> Blocked, Placement? Latest, TState State);
}

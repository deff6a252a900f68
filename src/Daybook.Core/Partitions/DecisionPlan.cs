using Daybook.Core.Modeling;
using Daybook.Core.Serialization;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>Turns a decision into what it does to each stream, and checks that it makes sense (invariant J7).</summary>
internal sealed class DecisionPlan(EventCodec codec, bool checks)
{
    private readonly FoldCheck? _check = checks ? new FoldCheck(codec) : null;
    private readonly List<StreamWrite> _one = [];
    private readonly List<object> _events = [];

    /// <param name="decision">An accepted decision.</param>
    /// <param name="targets">The aggregates the command named.</param>
    /// <param name="states">Their states.</param>
    /// <param name="versions">Their versions.</param>
    /// <returns>One write for each stream that got events, in the order of the targets. For a single target it is valid until the next call.</returns>
    /// <exception cref="DaybookException">An event is null, of an unknown type, or taken by no method of its state; its key names none of the
    /// aggregates; it cannot be stored; or the fold fails.</exception>
    public List<StreamWrite> Make(Decision decision, ReadOnlySpan<Target> targets, ReadOnlySpan<object?> states, ReadOnlySpan<long> versions)
    {
        if (targets.Length == 1)
            return MakeOne(decision, targets[0], states[0], versions[0]);
        var writes = new List<StreamWrite>(Math.Min(targets.Length, decision.Count));
        var byTarget = new List<object>?[targets.Length];
        var index = targets.Length > TargetIndex.Few ? new TargetIndex(targets) : null;
        for (var i = 0; i < decision.Count; i++)
            (byTarget[IndexOf(decision[i], targets, index)] ??= new(1)).Add(decision[i].Event);
        for (var i = 0; i < targets.Length; i++)
        {
            if (byTarget[i] is { } events)
                writes.Add(Write(targets[i], states[i], versions[i], events));
        }
        return writes;
    }

    private List<StreamWrite> MakeOne(Decision decision, Target target, object? state, long version)
    {
        _one.Clear();
        _events.Clear();
        for (var i = 0; i < decision.Count; i++)
        {
            if (decision[i].Key is { } key && !target.IsNamedBy(key))
                throw Unnamed(key);
            _events.Add(Checked(decision[i].Event));
        }
        if (_events.Count > 0)
            _one.Add(Write(target, state, version, _events));
        return _one;
    }

    private StreamWrite Write(Target target, object? state, long version, List<object> events)
    {
        if (target.Model is null)
            return new StreamWrite(target.Stream, null!, version + 1, events, null, false); // the stream of no aggregate takes any event
        var isKnown = version == 0 || state is not null;
        for (var i = 0; i < events.Count; i++)
        {
            var emitted = Taken(events[i]);
            Fold(target, ref state, isKnown, events[i], emitted.Read, emitted.ChangesState);
            events[i] = emitted.Written;
        }
        return new StreamWrite(target.Stream, target.Model, version + 1, events, isKnown ? state : null, isKnown);
    }

    /// <summary>Folds an event into a state if that is known.</summary>
    private void Fold(Target target, ref object? state, bool isKnown, object emitted, object read, bool changesState)
    {
        try
        {
            if (isKnown && emitted is not EventData)
                _check?.Run(target.Model, state, emitted);
            var isFirst = state is null;
            if ((isKnown ? target.Model.TryFold(ref state, read) : target.Model.Knows(read.GetType())) || !changesState)
                return;
            throw Untaken(target, read.GetType(), isFirst && isKnown);
        }
        catch (Exception e) when (e is not DaybookException)
        {
            throw new DaybookException(ErrorCode.HandlerFailed,
                $"'{target.Model.StateType}' failed to fold '{read.GetType()}' into stream '{target.Stream}': {ExceptionText.Of(e)}", e);
        }
    }

    private static DaybookException Untaken(Target target, Type type, bool isFirst) => new(ErrorCode.HandlerFailed,
        $"'{target.Model.StateType}' has no {(isFirst ? "Create" : "Apply")} method for '{type}', which {(isFirst ? "would be the first event" : "was emitted")} " +
        $"of stream '{target.Stream}'. Add the method, or mark the event type with [EventType(\"…\", ChangesState = false)].");

    private EmittedEvent Taken(object @event)
    {
        try
        {
            return codec.Take(@event);
        }
        catch (Exception e) when (e is not DaybookException)
        {
            throw new DaybookException(ErrorCode.HandlerFailed, $"'{@event.GetType()}' cannot be read as the type that it is upcast to: {ExceptionText.Of(e)}", e);
        }
    }

    private static int IndexOf(Emission emission, ReadOnlySpan<Target> targets, TargetIndex? index)
    {
        if (emission.Key is null)
            throw new DaybookException(ErrorCode.HandlerFailed,
                $"A decision over {targets.Length} aggregates must name the one that '{emission.Event?.GetType()}' belongs to: Decision.Emit(key, event).");
        Checked(emission.Event);
        var found = -1;
        var candidates = index?.Candidates(emission.Key);
        for (var next = 0; next < (candidates?.Count ?? targets.Length); next++)
        {
            var i = candidates?[next] ?? next;
            if (targets[i].IsNamedBy(emission.Key) && (found < 0 || targets[i].Model.Knows(emission.Event.GetType())))
                found = i;
        }
        return found >= 0 ? found : throw Unnamed(emission.Key);
    }

    private static object Checked(object? @event) =>
        @event ?? throw new DaybookException(ErrorCode.HandlerFailed, "A decision emits null instead of an event.");

    private static DaybookException Unnamed(object key) =>
        new(ErrorCode.HandlerFailed, $"A decision emits an event for '{KeyText.Of(key)}', which the command does not name.");
}

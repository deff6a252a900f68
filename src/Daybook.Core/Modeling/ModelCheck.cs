namespace Daybook.Core.Modeling;

/// <summary>Compares the events that a book can meet with the methods of its states: what never meets is a mistake that nothing else would show.</summary>
/// <param name="aggregates">All states.</param>
/// <param name="upcasts">What old event types are read as.</param>
/// <param name="events">The registered event types.</param>
internal sealed class ModelCheck(IReadOnlyCollection<AggregateModel> aggregates, IReadOnlyDictionary<Type, Type> upcasts, IEnumerable<Type> events)
{
    private readonly HashSet<Type> _read = [.. events.Concat(upcasts.Values).Where(type => upcasts.GetValueOrDefault(type, type) == type)];

    /// <exception cref="DaybookException">A method can never be called, or no state takes an event.</exception>
    public void Run(IReadOnlySet<Type> unchanging)
    {
        CheckCircles();
        foreach (var aggregate in aggregates)
        {
            foreach (var parameter in aggregate.Parameters)
                CheckIsCalled(aggregate, parameter);
        }
        foreach (var type in _read.Where(type => aggregates.Count > 0 && !unchanging.Contains(type)).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (!aggregates.Any(aggregate => aggregate.Knows(type)))
                throw new DaybookException(ErrorCode.InvalidArgument,
                    $"No state takes events of type '{type}'. Add a Create or Apply method to the state they belong to; if they change no state, " +
                    $"mark the type with [EventType(\"…\", ChangesState = false)].");
        }
    }

    private void CheckCircles()
    {
        foreach (var start in upcasts.Keys)
        {
            var steps = 0;
            for (var type = start; upcasts.TryGetValue(type, out var next) && next != type; type = next)
            {
                if (steps++ > upcasts.Count)
                    throw new DaybookException(ErrorCode.InvalidArgument, $"The upcasts from '{start}' go round in a circle.");
            }
        }
    }

    private void CheckIsCalled(AggregateModel aggregate, Type parameter)
    {
        if (parameter == typeof(object) || _read.Any(type => aggregate.Calls(parameter, type)))
            return;
        throw new DaybookException(ErrorCode.InvalidArgument,
            $"The methods of '{aggregate.StateType}' that take '{parameter}' can never be called: {Why(parameter)}");
    }

    private string Why(Type parameter)
    {
        if (upcasts.TryGetValue(parameter, out var next))
            return $"an upcast reads events of that type as '{next}'. Take that type instead.";
        if (_read.Any(parameter.IsAssignableFrom))
            return "every event of that type goes to a method with a more specific type. Remove them.";
        return parameter.IsAbstract || parameter.IsInterface
            ? "no registered event type derives from it. Register the assembly of those that do, and mark each of them with [EventType(\"…\")]."
            : "the event type has no stable name. Mark it with [EventType(\"…\")], or rename the method if the type is no event.";
    }
}

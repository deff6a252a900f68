using System.Reflection;
using System.Text;
using Daybook.Core.Serialization;

namespace Daybook.Core.Modeling;

/// <summary>
/// How a state type folds events, found by convention: <c>static TState Create(TEvent)</c> for a first event and
/// <c>TState Apply(TEvent)</c> for the later ones. <c>TEvent</c> is an event type or the base of several.
/// </summary>
internal sealed class AggregateModel
{
    private readonly FoldMethods<Func<object, object>> _creates;
    private readonly FoldMethods<Func<object, object, object>> _applies;

    public AggregateModel(Type stateType)
    {
        StateType = stateType;
        Category = stateType.GetCustomAttribute<AggregateAttribute>()?.Category ?? KebabCase(stateType.Name);
        _creates = FoldCompiler.Creates(stateType);
        _applies = FoldCompiler.Applies(stateType);
        if (_creates.Parameters.Count == 0)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"'{stateType}' has no 'public static {stateType.Name} Create(TEvent)', so no first event could make one.");
    }

    public Type StateType { get; }

    public string Category { get; }

    /// <summary>How states are kept between events; chosen when the book is built.</summary>
    public StateForm Form { get; set; } = StateForm.AsObjects;

    /// <summary>The types that the state's methods take: event types, and bases of event types.</summary>
    public IEnumerable<Type> Parameters => _creates.Parameters.Concat(_applies.Parameters).Distinct();

    /// <summary>Whether the state has a method for an event type.</summary>
    public bool Knows(Type eventType) => _creates.ParameterFor(eventType) is not null || _applies.ParameterFor(eventType) is not null;

    /// <summary>Whether events of a type go to a method with that parameter.</summary>
    public bool Calls(Type parameter, Type eventType) =>
        _creates.ParameterFor(eventType) == parameter || _applies.ParameterFor(eventType) == parameter;

    public StreamId StreamOf(string key) => StreamId.For(Category, key);

    /// <summary>The state after an event, both in the form in which states are kept. Pure as far as the user's methods are.</summary>
    /// <param name="kept">The state before, then the state after; null when there is none.</param>
    /// <param name="event">The event as it is read from the journal.</param>
    /// <returns>False when no method takes the event, which leaves the state as it is.</returns>
    public bool TryFold(ref object? kept, object @event)
    {
        var state = Form.Open(kept);
        if (!TryFoldOpen(ref state, @event))
            return false;
        kept = Form.Keep(state);
        return true;
    }

    /// <summary>The state after an event, as the user's methods return it.</summary>
    public bool TryFoldOpen(ref object? state, object @event)
    {
        if (state is null)
        {
            if (_creates.For(@event.GetType()) is not { } create)
                return false;
            state = create(@event);
        }
        else
        {
            if (_applies.For(@event.GetType()) is not { } apply)
                return false;
            state = apply(state, @event);
        }
        return true;
    }

    private static string KebabCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}

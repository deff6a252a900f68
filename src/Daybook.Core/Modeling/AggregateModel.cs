using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;

namespace Daybook.Core.Modeling;

/// <summary>
/// How a state type folds events, found by convention: <c>static TState Create(TEvent)</c> for a first event and
/// <c>TState Apply(TEvent)</c> for the later ones. Events without such a method leave the state as it is.
/// </summary>
internal sealed class AggregateModel
{
    private readonly FrozenDictionary<Type, Func<object, object>> _creates;
    private readonly FrozenDictionary<Type, Func<object, object, object>> _applies;

    public AggregateModel(Type stateType)
    {
        StateType = stateType;
        Category = stateType.GetCustomAttribute<AggregateAttribute>()?.Category ?? KebabCase(stateType.Name);
        _creates = Creates(stateType).ToFrozenDictionary();
        _applies = Applies(stateType).ToFrozenDictionary();
        if (_creates.Count == 0)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"'{stateType}' has no 'public static {stateType.Name} Create(TEvent)', so no first event could make one.");
    }

    public Type StateType { get; }

    public string Category { get; }

    /// <summary>The event types the state knows; they are registered with it.</summary>
    public IEnumerable<Type> EventTypes => _creates.Keys.Concat(_applies.Keys).Distinct();

    /// <summary>Whether the state has a method for an event type.</summary>
    public bool Knows(Type eventType) => _creates.ContainsKey(eventType) || _applies.ContainsKey(eventType);

    public StreamId StreamOf(string key) => StreamId.For(Category, key);

    /// <summary>The state after an event. Pure as far as the user's methods are.</summary>
    public object? Fold(object? state, object @event)
    {
        if (state is null)
            return _creates.TryGetValue(@event.GetType(), out var create) ? create(@event) : null;
        return _applies.TryGetValue(@event.GetType(), out var apply) ? apply(state, @event) : state;
    }

    private static IEnumerable<KeyValuePair<Type, Func<object, object>>> Creates(Type state)
    {
        foreach (var method in state.GetMethods(BindingFlags.Public | BindingFlags.Static))
        {
            if (method.Name != "Create" || method.GetParameters() is not [var parameter] || !state.IsAssignableFrom(method.ReturnType))
                continue;
            var value = Expression.Parameter(typeof(object));
            var call = Expression.Call(method, Expression.Convert(value, parameter.ParameterType));
            yield return new(parameter.ParameterType, Expression.Lambda<Func<object, object>>(call, value).Compile());
        }
    }

    private static IEnumerable<KeyValuePair<Type, Func<object, object, object>>> Applies(Type state)
    {
        foreach (var method in state.GetMethods(BindingFlags.Public | BindingFlags.Instance))
        {
            if (method.Name != "Apply" || method.GetParameters() is not [var parameter])
                continue;
            if (!state.IsAssignableFrom(method.ReturnType))
                throw new DaybookException(ErrorCode.InvalidArgument,
                    $"'{state}.Apply({parameter.ParameterType.Name})' must return the new {state.Name}; states are values and never changed in place.");
            ParameterExpression current = Expression.Parameter(typeof(object)), value = Expression.Parameter(typeof(object));
            var call = Expression.Call(Expression.Convert(current, state), method, Expression.Convert(value, parameter.ParameterType));
            yield return new(parameter.ParameterType, Expression.Lambda<Func<object, object, object>>(call, current, value).Compile());
        }
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

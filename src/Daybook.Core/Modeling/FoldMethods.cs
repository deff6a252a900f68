using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Daybook.Core.Modeling;

/// <summary>
/// The methods of one name by the type of event they take. An event goes to the method of the most specific type that it is, so a method
/// may take the base type of several events.
/// </summary>
/// <param name="state">The state type.</param>
/// <param name="name">The methods' name.</param>
/// <param name="methods">The compiled methods.</param>
internal sealed class FoldMethods<TCall>(Type state, string name, IReadOnlyDictionary<Type, TCall> methods)
    where TCall : Delegate
{
    private readonly FrozenDictionary<Type, TCall> _exact = methods.ToFrozenDictionary();
    private readonly ConcurrentDictionary<Type, Type?> _resolved = new();

    /// <summary>The types that the methods take.</summary>
    public IReadOnlyCollection<Type> Parameters => _exact.Keys;

    /// <summary>The method for events of a type; null when there is none.</summary>
    /// <exception cref="DaybookException">Two methods take the type and neither is more specific.</exception>
    public TCall? For(Type eventType)
    {
        if (_exact.TryGetValue(eventType, out var call))
            return call;
        return ParameterFor(eventType) is { } parameter ? _exact[parameter] : null;
    }

    /// <summary>The parameter type of the method for events of a type; null when there is none.</summary>
    /// <exception cref="DaybookException">Two methods take the type and neither is more specific.</exception>
    public Type? ParameterFor(Type eventType) => _resolved.GetOrAdd(eventType, Resolve);

    private Type? Resolve(Type eventType)
    {
        if (_exact.ContainsKey(eventType))
            return eventType;
        var taking = _exact.Keys.Where(parameter => parameter.IsAssignableFrom(eventType)).ToArray();
        if (taking.Length == 0)
            return null;
        return taking.FirstOrDefault(best => taking.All(other => other.IsAssignableFrom(best)))
            ?? throw new DaybookException(ErrorCode.InvalidArgument,
                $"'{state}' has several methods '{name}' for events of type '{eventType}', and none is the most specific: " +
                $"{string.Join(", ", taking.Select(t => t.Name).Order(StringComparer.Ordinal))}. Add {name}({eventType.Name}).");
    }
}

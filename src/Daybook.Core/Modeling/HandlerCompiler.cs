using System.Linq.Expressions;
using System.Reflection;

namespace Daybook.Core.Modeling;

/// <summary>Makes a <see cref="CommandBinding"/> of a handler method, or reports what is wrong with it.</summary>
internal sealed class HandlerCompiler(Func<Type, AggregateModel> aggregates)
{
    private static readonly MethodInfo s_bind = typeof(HandlerCompiler).GetMethod(nameof(Bind), BindingFlags.NonPublic | BindingFlags.Instance)!;

    public CommandBinding Compile(MethodInfo method)
    {
        if (method.ContainsGenericParameters)
            throw Wrong(method, "it is open generic; register its class with all types given");
        if (method.GetParameters() is not [var command, _, ..])
            throw Wrong(method, "it needs a command and at least one aggregate as parameters");
        try
        {
            return (CommandBinding)s_bind.MakeGenericMethod(command.ParameterType).Invoke(this, [method])!;
        }
        catch (TargetInvocationException e) when (e.InnerException is DaybookException inner)
        {
            throw inner;
        }
    }

    private CommandBinding<TCommand> Bind<TCommand>(MethodInfo method)
    {
        var parameters = method.GetParameters().Skip(1).ToArray();
        var models = new List<AggregateModel>();
        var slots = parameters.Select(p => p.ParameterType == typeof(CommandContext) ? null : Slot<TCommand>(method, p, models)).ToArray();
        if (models.Count == 0)
            throw Wrong(method, "it asks for no aggregate");

        var command = Expression.Parameter(typeof(TCommand));
        var arguments = Expression.Parameter(typeof(object?[]));
        var context = Expression.Parameter(typeof(CommandContext));
        var values = parameters.Select((p, i) => slots[i] is null
            ? (Expression)context
            : Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType));
        var call = Expression.Call(method, [command, .. values]);
        var handler = Expression.Lambda<Func<TCommand, object?[], CommandContext, Decision?>>(call, command, arguments, context).Compile();
        return new CommandBinding<TCommand>(slots, models, handler);
    }

    private ParameterSlot<TCommand> Slot<TCommand>(MethodInfo method, ParameterInfo parameter, List<AggregateModel> models)
    {
        var property = KeyProperty<TCommand>(method, parameter);
        var nullability = new NullabilityInfoContext().Create(parameter);
        if (parameter.ParameterType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            var (key, state) = (type.GetGenericArguments()[0], type.GetGenericArguments()[1]);
            if (!typeof(IEnumerable<>).MakeGenericType(key).IsAssignableFrom(property.PropertyType))
                throw Wrong(method, $"'{typeof(TCommand).Name}.{property.Name}' must be an IEnumerable<{key.Name}>, for parameter '{parameter.Name}'");
            models.Add(aggregates(state));
            return ParameterSlot<TCommand>.Many(
                property, key, state, models[^1], nullability.GenericTypeArguments[1].ReadState != NullabilityState.Nullable);
        }
        if (parameter.ParameterType is not { IsClass: true, IsArray: false } || parameter.ParameterType == typeof(string))
            throw Wrong(method, $"parameter '{parameter.Name}' is neither a state record, a dictionary of them, nor a CommandContext");
        models.Add(aggregates(parameter.ParameterType));
        return ParameterSlot<TCommand>.Single(property, models[^1], nullability.ReadState != NullabilityState.Nullable);
    }

    private static PropertyInfo KeyProperty<TCommand>(MethodInfo method, ParameterInfo parameter)
    {
        var name = parameter.GetCustomAttribute<KeyedByAttribute>()?.Property ?? parameter.Name!;
        return typeof(TCommand).GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            ?? throw Wrong(method, $"'{typeof(TCommand).Name}' has no property '{name}' to hold the key of parameter '{parameter.Name}'; name it with [KeyedBy]");
    }

    private static DaybookException Wrong(MethodInfo method, string what) =>
        new(ErrorCode.InvalidArgument, $"The handler {method.DeclaringType?.Name}.{method.Name} cannot be used: {what}.");
}

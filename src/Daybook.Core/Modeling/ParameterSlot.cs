using System.Linq.Expressions;
using System.Reflection;

namespace Daybook.Core.Modeling;

/// <summary>One parameter of a handler beside its command: which aggregates it asks for, and the argument made of their states.</summary>
internal abstract class ParameterSlot<TCommand>(PropertyInfo property)
{
    /// <summary>Adds the aggregates that the command names for this parameter.</summary>
    /// <exception cref="DaybookException">A key names no aggregate; the message names the property.</exception>
    public void Collect(TCommand command, List<Target> targets)
    {
        try
        {
            Add(command, targets);
        }
        catch (Exception e)
        {
            throw new DaybookException(ErrorCode.InvalidArgument, $"'{typeof(TCommand).Name}.{property.Name}' does not name an aggregate: {ExceptionText.Of(e)}", e);
        }
    }

    /// <summary>Makes the argument of the states of the aggregates it collected; they start at <paramref name="next"/>.</summary>
    public abstract object? Bind(TCommand command, ReadOnlySpan<object?> states, ref int next);

    /// <summary>The slot for one aggregate.</summary>
    public static ParameterSlot<TCommand> Single(PropertyInfo property, AggregateModel model, bool required) =>
        Create(typeof(SingleSlot<>), [property.PropertyType], property, model, required);

    /// <summary>The slot for a dictionary of aggregates.</summary>
    public static ParameterSlot<TCommand> Many(PropertyInfo property, Type key, Type state, AggregateModel model, bool required) =>
        Create(typeof(ManySlot<,>), [key, state], property, model, required);

    protected abstract void Add(TCommand command, List<Target> targets);

    private static ParameterSlot<TCommand> Create(Type open, Type[] arguments, PropertyInfo property, AggregateModel model, bool required)
    {
        var closed = open.MakeGenericType([typeof(TCommand), .. arguments]);
        try
        {
            return (ParameterSlot<TCommand>)Activator.CreateInstance(closed, BindingFlags.DoNotWrapExceptions, null, [property, model, required], null)!;
        }
        catch (DaybookException e)
        {
            throw new DaybookException(e.Code, $"'{typeof(TCommand).Name}.{property.Name}': {ExceptionText.Of(e)}", e);
        }
    }

    private static Func<TCommand, TValue> Getter<TValue>(PropertyInfo property)
    {
        var command = Expression.Parameter(typeof(TCommand));
        var value = Expression.Convert(Expression.Property(command, property), typeof(TValue));
        return Expression.Lambda<Func<TCommand, TValue>>(value, command).Compile();
    }

    private static DaybookException Null() => new(ErrorCode.InvalidArgument, "the key is null.");

    private sealed class SingleSlot<TKey>(PropertyInfo property, AggregateModel model, bool required) : ParameterSlot<TCommand>(property)
    {
        private readonly Func<TCommand, TKey?> _key = Getter<TKey?>(property);
        private readonly Func<TKey, string> _text = KeyText.For<TKey>();

        protected override void Add(TCommand command, List<Target> targets)
        {
            if (_key(command) is { } key)
                targets.Add(new Target(model.StreamOf(_text(key)), model, required));
            else if (required)
                throw Null();
        }

        public override object? Bind(TCommand command, ReadOnlySpan<object?> states, ref int next) =>
            _key(command) is null ? null : model.Form.Open(states[next++]);
    }

    private sealed class ManySlot<TKey, TState>(PropertyInfo property, AggregateModel model, bool required) : ParameterSlot<TCommand>(property)
        where TKey : notnull
        where TState : class
    {
        private readonly Func<TCommand, IEnumerable<TKey>> _keys = Getter<IEnumerable<TKey>>(property);
        private readonly Func<TKey, string> _text = KeyText.For<TKey>();

        protected override void Add(TCommand command, List<Target> targets)
        {
            foreach (var key in DistinctKeys(command))
                targets.Add(new Target(model.StreamOf(key is null ? throw Null() : _text(key)), model, required));
        }

        public override object? Bind(TCommand command, ReadOnlySpan<object?> states, ref int next)
        {
            var bound = new Dictionary<TKey, TState?>();
            foreach (var key in DistinctKeys(command))
                bound.Add(key, (TState?)model.Form.Open(states[next++]));
            return bound;
        }

        private IEnumerable<TKey> DistinctKeys(TCommand command) => (_keys(command) ?? throw Null()).Distinct();
    }
}

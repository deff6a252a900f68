using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Daybook.Core.Serialization;

namespace Daybook.Core.Modeling;

/// <summary>Collects handlers, aggregates, event types and upcasts, and refuses what contradicts itself.</summary>
internal sealed class BookModelBuilder
{
    private readonly Dictionary<Type, CommandBinding> _commands = [];
    private readonly Dictionary<Type, MethodInfo> _handlers = [];
    private readonly Dictionary<Type, AggregateModel> _aggregates = [];
    private readonly Dictionary<string, Type> _events = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _unchanging = [];
    private readonly Dictionary<Type, Func<object, object>> _upcasts = [];
    private readonly Dictionary<Type, Type> _upcastTypes = [];
    private readonly List<IJsonTypeInfoResolver> _json = [];

    public IEventSerializer? Serializer { get; set; }

    public void AddJson(IJsonTypeInfoResolver resolver) => _json.Add(resolver);

    /// <summary>Folds every event a second time from its stored form and compares. Default: in a debug build of the engine.</summary>
#if DEBUG
    public bool ChecksFolds { get; set; } = true;
#else
    public bool ChecksFolds { get; set; }
#endif

    public void AddAssembly(Assembly assembly)
    {
        foreach (var type in EventTypes.In(assembly))
            AddEvent(type);
        foreach (var method in HandlerFinder.In(assembly))
            AddHandler(method);
    }

    /// <summary>Adds a handler; one that was added before changes nothing.</summary>
    public void AddHandler(MethodInfo method)
    {
        if (_handlers.ContainsValue(method))
            return;
        var binding = new HandlerCompiler(AddAggregate).Compile(method);
        if (_handlers.TryGetValue(binding.CommandType, out var other))
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"Two handlers take commands of type '{binding.CommandType}': {TextOf(other)} and {TextOf(method)}. Remove one of them.");
        _handlers.Add(binding.CommandType, method);
        _commands.Add(binding.CommandType, binding);
    }

    public AggregateModel AddAggregate(Type state)
    {
        if (_aggregates.TryGetValue(state, out var known))
            return known;
        var model = new AggregateModel(state);
        if (model.Category.Contains('/', StringComparison.Ordinal))
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The category '{model.Category}' of '{state}' holds a '/', which ends the category in a stream's name; choose another with [Aggregate].");
        _ = model.StreamOf("key");
        if (_aggregates.Values.FirstOrDefault(x => x.Category == model.Category) is { } twin)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The aggregates '{twin.StateType}' and '{state}' have the same category '{model.Category}'; name one with [Aggregate].");
        _aggregates.Add(state, model);
        foreach (var type in model.Parameters)
            AddEventsOf(type);
        return model;
    }

    public void AddEvent(Type type)
    {
        if (type.GetCustomAttribute<EventTypeAttribute>() is not { } named)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The event type '{type}' has no stable name; mark it with [EventType(\"…\")].");
        if (named.Name.Length is 0 or > 200)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The event type name of '{type}' must have 1 to 200 characters.");
        WellFormed.Check(named.Name, $"The event type name of '{type}'");
        if (_events.TryGetValue(named.Name, out var other) && other != type)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The event types '{other}' and '{type}' share the name '{named.Name}'.");
        _events[named.Name] = type;
        if (!named.ChangesState)
            _unchanging.Add(type);
    }

    /// <summary>Adds an event type that no state needs to take.</summary>
    public void AddUnchangingEvent(Type type)
    {
        AddEvent(type);
        _unchanging.Add(type);
    }

    public void AddUpcast<TOld, TNew>(Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        AddEvent(typeof(TOld));
        if (!_upcasts.TryAdd(typeof(TOld), old => upcast((TOld)old)))
            throw new DaybookException(ErrorCode.InvalidArgument, $"Two upcasts start at '{typeof(TOld)}'.");
        _upcastTypes.Add(typeof(TOld), typeof(TNew));
    }

    /// <exception cref="DaybookException">What was registered does not fit together; the message names type, member or method.</exception>
    public BookModel Build()
    {
        Serializer ??= new JsonEventSerializer(_json);
        new ModelCheck(_aggregates.Values, _upcastTypes, _events.Values).Run(_unchanging);
        var forms = new StoredForms(Serializer);
        forms.Check([.. _events.Values], [.. _aggregates.Keys]);
        foreach (var aggregate in _aggregates.Values)
            aggregate.Form = forms.OfState(aggregate.StateType);
        var types = _events.ToDictionary(e => e.Key, e => new EventType(e.Key, e.Value, forms.IsIdentity(e.Value), !_unchanging.Contains(e.Value)));
        return new(_commands, _aggregates, new EventCodec(Serializer, types.Values, _upcasts), ChecksFolds);
    }

    private static string TextOf(MethodInfo handler) =>
        $"{handler.DeclaringType}.{handler.Name}({string.Join(", ", handler.GetParameters().Select(p => p.ParameterType.Name))})";

    /// <summary>Adds the event type that a method takes, and those that derive from it.</summary>
    private void AddEventsOf(Type parameter)
    {
        if (EventTypes.IsEvent(parameter))
            AddEvent(parameter);
        foreach (var derived in EventTypes.DerivedFrom(parameter))
            AddEvent(derived);
    }
}

using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Daybook.Core.Serialization;

namespace Daybook.Core.Modeling;

/// <summary>Collects handlers, aggregates, event types and upcasts, and refuses what contradicts itself.</summary>
internal sealed class BookModelBuilder
{
    private readonly Dictionary<Type, CommandBinding> _commands = [];
    private readonly Dictionary<Type, AggregateModel> _aggregates = [];
    private readonly Dictionary<string, Type> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Func<object, object>> _upcasts = [];
    private readonly List<IJsonTypeInfoResolver> _json = [];

    public IEventSerializer? Serializer { get; set; }

    public void AddJson(IJsonTypeInfoResolver resolver) => _json.Add(resolver);

    public void AddAssembly(Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<EventTypeAttribute>() is { } named)
                AddEvent(named.Name, type);
        }
        foreach (var method in HandlerCompiler.HandlersIn(assembly))
            AddHandler(method);
    }

    public void AddHandler(MethodInfo method)
    {
        var binding = new HandlerCompiler(AddAggregate).Compile(method);
        if (!_commands.TryAdd(binding.CommandType, binding))
            throw new DaybookException(ErrorCode.InvalidArgument, $"Two handlers take commands of type '{binding.CommandType}'.");
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
        foreach (var type in model.EventTypes)
            AddEvent(type);
        return model;
    }

    public void AddEvent(Type type) => AddEvent(NameOf(type), type);

    public void AddEvent(string name, Type type)
    {
        if (name.Length is 0 or > 200)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The event type name of '{type}' must have 1 to 200 characters.");
        WellFormed.Check(name, $"The event type name of '{type}'");
        if (_events.TryGetValue(name, out var other) && other != type)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The event types '{other}' and '{type}' share the name '{name}'.");
        _events[name] = type;
    }

    public void AddUpcast<TOld, TNew>(Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        AddEvent(typeof(TOld));
        if (!_upcasts.TryAdd(typeof(TOld), old => upcast((TOld)old)))
            throw new DaybookException(ErrorCode.InvalidArgument, $"Two upcasts start at '{typeof(TOld)}'.");
    }

    public BookModel Build() =>
        new(_commands, _aggregates, new EventCodec(Serializer ??= new JsonEventSerializer(_json), _events, _upcasts));

    private static string NameOf(Type type) =>
        type.GetCustomAttribute<EventTypeAttribute>()?.Name
        ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"The event type '{type}' has no stable name; mark it with [EventType(\"…\")].");
}

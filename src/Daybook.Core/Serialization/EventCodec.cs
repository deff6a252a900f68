using System.Buffers;
using System.Collections.Frozen;
using Daybook.Core.Records;

namespace Daybook.Core.Serialization;

/// <summary>Writes and reads events: the registry of stored names, the serializer, and the upcasts from old event types to new ones.</summary>
internal sealed class EventCodec(
    IEventSerializer serializer, IEnumerable<EventType> types, IReadOnlyDictionary<Type, Func<object, object>> upcasts)
{
    private readonly FrozenDictionary<Type, EventType> _byType = types.ToFrozenDictionary(type => type.Type);
    private readonly FrozenDictionary<string, Type> _byName = types.ToFrozenDictionary(type => type.Name, type => type.Type, StringComparer.Ordinal);
    private readonly FrozenDictionary<Type, Func<object, object>> _upcasts = upcasts.ToFrozenDictionary();

    public IEventSerializer Serializer => serializer;

    public bool IsKnown(string type) => _byName.ContainsKey(type);

    /// <summary>
    /// Takes what a handler emitted. What is folded now is what a restart will fold: the event itself if its stored form is proved to equal
    /// it, else the event read back from its stored form.
    /// </summary>
    /// <exception cref="DaybookException">The value cannot be stored as an event, or not be read back.</exception>
    public EmittedEvent Take(object @event)
    {
        if (@event is EventData raw)
            return Take(raw);
        var type = TypeOf(@event);
        if (type.IsIdentity)
            return new(@event, Upcast(@event), type.ChangesState);
        var stored = Encode(@event);
        return new(stored, Upcast(ReadBack(type.Type, stored.Data.Span, "could be written but not be read back")), type.ChangesState);
    }

    /// <summary>Bytes are taken as they are, if they can be read.</summary>
    private EmittedEvent Take(EventData raw) => _byName.TryGetValue(raw.Type ?? "", out var type)
        ? new(raw, Upcast(ReadBack(type, raw.Data.Span, "was given in bytes that cannot be read")), _byType[type].ChangesState)
        : throw new DaybookException(ErrorCode.HandlerFailed,
            $"No event type is registered under the name '{raw.Type}', so no aggregate can read such an event; " +
            "register its type, or append it to a stream of no aggregate.");

    /// <summary>The stored form of an event.</summary>
    public EventData Encode(object @event)
    {
        if (@event is EventData raw)
            return raw;
        var body = new ArrayBufferWriter<byte>();
        var type = TypeOf(@event);
        try
        {
            serializer.Serialize(@event, body);
        }
        catch (Exception e) when (e is not DaybookException)
        {
            throw new DaybookException(ErrorCode.HandlerFailed, $"An event of type '{type.Type}' cannot be serialized: {ExceptionText.Of(e)}", e);
        }
        return new EventData(type.Name, body.WrittenMemory);
    }

    /// <summary>Writes one event of a group: type name, body length, body.</summary>
    public void Write(RecordEncoder encoder, object @event)
    {
        if (@event is EventData raw)
        {
            encoder.WriteText(raw.Type);
            encoder.WriteInt32(raw.Data.Length);
            encoder.WriteRaw(raw.Data.Span);
            return;
        }
        encoder.WriteText(TypeOf(@event).Name);
        var place = encoder.BeginLength();
        serializer.Serialize(@event, encoder);
        encoder.EndLength(place);
    }

    /// <summary>Reads a body back and brings it up to date.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/> for a name that is not registered.</exception>
    public object Read(string type, ReadOnlySpan<byte> data) =>
        _byName.TryGetValue(type, out var clr)
            ? Upcast(Deserialize(clr, data))
            : throw new DaybookException(ErrorCode.UnknownType,
                $"No event type is registered under the name '{type}'. {Cure}");

    /// <summary>What to do about an event whose stored name is not registered.</summary>
    public const string Cure = "Register the type (AddEvent<T>, or AddHandlersFrom<T> for its assembly) or an upcast from it (AddUpcast<TOld, TNew>); " +
        "a class that was renamed or moved must keep the name in its [EventType].";

    private object Deserialize(Type type, ReadOnlySpan<byte> data) => serializer.Deserialize(type, data)
        ?? throw new DaybookException(ErrorCode.Corrupted, $"The serializer returned null for an event of type '{type}'.");

    private object ReadBack(Type type, ReadOnlySpan<byte> data, string how)
    {
        try
        {
            return Deserialize(type, data);
        }
        catch (Exception e)
        {
            throw new DaybookException(ErrorCode.HandlerFailed,
                $"An event of type '{type}' {how}, so it is not recorded: {ExceptionText.Of(e)}", e);
        }
    }

    private EventType TypeOf(object @event) =>
        _byType.TryGetValue(@event.GetType(), out var type)
            ? type
            : throw new DaybookException(ErrorCode.UnknownType,
                $"The type '{@event.GetType()}' is not a registered event type; give it an [EventType] name and register it " +
                "(AddEvent<T>, or AddHandlersFrom<T> for its assembly).");

    /// <summary>Follows the upcasts; one from a type to itself is applied once and ends the chain.</summary>
    public object Upcast(object @event)
    {
        for (var rounds = 0; _upcasts.TryGetValue(@event.GetType(), out var upcast); rounds++)
        {
            if (rounds > _upcasts.Count)
                throw new DaybookException(ErrorCode.InvalidArgument, $"The upcasts from '{@event.GetType()}' go round in a circle.");
            var next = upcast(@event)
                ?? throw new DaybookException(ErrorCode.HandlerFailed, $"The upcast from '{@event.GetType()}' returned null.");
            if (next.GetType() == @event.GetType())
                return next;
            @event = next;
        }
        return @event;
    }
}

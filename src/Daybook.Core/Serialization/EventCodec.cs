using System.Collections.Frozen;
using Daybook.Core.Records;

namespace Daybook.Core.Serialization;

/// <summary>Writes and reads events: the registry of stored names, the serializer, and the upcasts from old event types to new ones.</summary>
internal sealed class EventCodec
{
    private readonly IEventSerializer _serializer;
    private readonly FrozenDictionary<Type, string> _names;
    private readonly FrozenDictionary<string, Type> _types;
    private readonly FrozenDictionary<Type, Func<object, object>> _upcasts;

    public EventCodec(
        IEventSerializer serializer, IReadOnlyDictionary<string, Type> types, IReadOnlyDictionary<Type, Func<object, object>> upcasts)
    {
        _serializer = serializer;
        _types = types.ToFrozenDictionary(StringComparer.Ordinal);
        _names = types.ToFrozenDictionary(x => x.Value, x => x.Key);
        _upcasts = upcasts.ToFrozenDictionary();
    }

    public IEventSerializer Serializer => _serializer;

    public bool IsKnown(string type) => _types.ContainsKey(type);

    /// <summary>Fails when the value cannot be stored as an event, before anything is written.</summary>
    public void Check(object @event)
    {
        if (@event is not EventData && !_names.ContainsKey(@event.GetType()))
            throw new DaybookException(ErrorCode.UnknownType,
                $"The type '{@event.GetType()}' is not a registered event type; give it an [EventType] name and register its assembly.");
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
        Check(@event);
        encoder.WriteText(_names[@event.GetType()]);
        var place = encoder.BeginLength();
        _serializer.Serialize(@event, encoder);
        encoder.EndLength(place);
    }

    /// <summary>Reads a body back and brings it up to date.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/> for a name nobody registered.</exception>
    public object Read(string type, ReadOnlySpan<byte> data)
    {
        if (!_types.TryGetValue(type, out var clr))
            throw new DaybookException(ErrorCode.UnknownType, $"No event type is registered under the name '{type}'.");
        var @event = _serializer.Deserialize(clr, data);
        for (var rounds = 0; _upcasts.TryGetValue(@event.GetType(), out var upcast); rounds++)
        {
            if (rounds > _upcasts.Count)
                throw new DaybookException(ErrorCode.InvalidArgument, $"The upcasts from '{clr}' go round in a circle.");
            @event = upcast(@event);
        }
        return @event;
    }
}

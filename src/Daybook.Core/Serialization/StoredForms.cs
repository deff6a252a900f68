using System.Text.Json;
using Daybook.Core.Serialization.RoundTrips;

namespace Daybook.Core.Serialization;

/// <summary>Decides for each event and state type whether its values may be kept as objects, or only in their stored form.</summary>
internal sealed class StoredForms(IEventSerializer serializer)
{
    private readonly JsonSerializerOptions? _json = (serializer as JsonEventSerializer)?.Options;

    /// <summary>Refuses types of which JSON loses something. What another serializer does cannot be known.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the member and the cure.</exception>
    public void Check(IReadOnlyCollection<Type> events, IReadOnlyCollection<Type> states)
    {
        if (_json is null)
            return;
        foreach (var type in events)
            Check("event", type, RoundTrip.Of(type, _json, isExact: true));
        foreach (var type in states)
            Check("state", type, RoundTrip.Of(type, _json, isExact: false));
    }

    /// <summary>Whether events of a type are equal to what is read back, for ever.</summary>
    public bool IsIdentity(Type eventType) => _json is not null && RoundTrip.Of(eventType, _json, isExact: true).IsIdentity;

    public StateForm OfState(Type state) => new(state, serializer, _json is not null && RoundTrip.Of(state, _json, isExact: true).IsIdentity);

    /// <summary>Refuses a type that loses something.</summary>
    public static void Check(string what, Type type, RoundTrip roundTrip)
    {
        if (roundTrip.Losses.Count > 0)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The {what} '{type}' does not survive being stored, so it would change at a restart. {string.Join(' ', roundTrip.Losses)}");
    }
}

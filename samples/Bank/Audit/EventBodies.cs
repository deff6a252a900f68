using System.Reflection;
using Bank.Accounts;
using Daybook;
using Daybook.Core.Serialization;

namespace Bank.Audit;

/// <summary>Reads event bodies straight from their bytes.</summary>
internal sealed class EventBodies
{
    private readonly JsonEventSerializer _json = new();
    private readonly Dictionary<string, Type> _types = typeof(Opened).Assembly.GetTypes()
        .Select(type => (Type: type, type.GetCustomAttribute<EventTypeAttribute>()?.Name))
        .Where(x => x.Name is not null)
        .ToDictionary(x => x.Name!, x => x.Type);

    /// <exception cref="DaybookException">The type is unknown, or the bytes are not a value of it.</exception>
    public object Read(RecordedEvent recorded) => _types.TryGetValue(recorded.Type, out var type)
        ? _json.Deserialize(type, recorded.Data.Span)
        : throw new DaybookException(ErrorCode.UnknownType,
            $"Stream '{recorded.Stream}' holds an event of the unknown type '{recorded.Type}' at version {recorded.Version}.");
}

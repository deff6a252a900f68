namespace Daybook.Projections;

/// <summary>Turns stored events into the objects that projections see: type registry, serializer and upcasters in one.</summary>
public interface IEventDecoder
{
    /// <summary>Reads the body of an event. Called from many threads concurrently.</summary>
    /// <returns>The deserialized, upcast event; null when no type of that name is registered.</returns>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/>: the body is not a value of its type.</exception>
    object? Decode(RecordedEvent recorded);
}

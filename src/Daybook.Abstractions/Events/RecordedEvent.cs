namespace Daybook;

/// <summary>An event as it stands in its journal, durable and committed.</summary>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Version">Its ordinal in the stream, from 1.</param>
/// <param name="Position">The journal record that made it visible.</param>
/// <param name="Type">The stored type name.</param>
/// <param name="Data">The body as stored; stays valid as long as it is referenced.</param>
/// <param name="Metadata">Where it came from.</param>
public sealed record RecordedEvent(
    StreamId Stream,
    StreamVersion Version,
    Position Position,
    string Type,
    ReadOnlyMemory<byte> Data,
    EventMetadata Metadata);

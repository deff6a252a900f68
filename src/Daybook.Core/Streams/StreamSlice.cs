using Daybook.Core.Records;

namespace Daybook.Core.Streams;

/// <summary>The events that one record holds of one stream, with what they share.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="FirstVersion">The version of the first.</param>
/// <param name="Count">How many.</param>
/// <param name="Previous">Where the events before them stand.</param>
/// <param name="Offset">The record that made them visible.</param>
/// <param name="Metadata">Where they came from.</param>
/// <param name="Encoded">The encoded events.</param>
internal sealed record StreamSlice(
    StreamId Stream, long FirstVersion, int Count, Location Previous, JournalOffset Offset, EventMetadata Metadata, ReadOnlyMemory<byte> Encoded)
{
    /// <summary>The events, oldest first.</summary>
    public IReadOnlyList<RecordedEvent> Events(PartitionId partition)
    {
        var events = new RecordedEvent[Count];
        var decoder = new RecordDecoder(Encoded.Span);
        for (var i = 0; i < events.Length; i++)
        {
            var type = decoder.ReadText();
            var length = decoder.ReadInt32();
            decoder.Skip(length);
            var data = Encoded.Slice(decoder.Position - length, length);
            events[i] = new RecordedEvent(
                Stream, new StreamVersion(FirstVersion + i), new Position(partition, Offset), type, data, Metadata);
        }
        return events;
    }
}

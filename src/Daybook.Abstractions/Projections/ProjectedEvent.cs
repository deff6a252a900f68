namespace Daybook.Projections;

/// <summary>An event on its way into a read model.</summary>
/// <param name="Body">The deserialized, upcast event.</param>
/// <param name="Recorded">The event as stored, with stream, version, position and metadata.</param>
public readonly record struct ProjectedEvent(object Body, RecordedEvent Recorded);

namespace Daybook;

/// <summary>Streams of events as bytes, with optimistic concurrency.</summary>
public interface IEventStore
{
    /// <summary>Appends events to one stream, all or none, exactly once for the command id.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="expected">What the caller believes the stream's version to be.</param>
    /// <param name="events">One or more events; copied before the call returns.</param>
    /// <param name="id">The id of this append; use the same for every retry of it.</param>
    /// <param name="options">Correlation and tenant; may be null. Its expected version is not used.</param>
    /// <param name="cancellationToken">Honoured until the append is handed to its partition.</param>
    /// <returns>Accepted, conflict or in doubt.</returns>
    /// <exception cref="DaybookException">Nothing was written: invalid argument, too large, overloaded, no owner. An argument is invalid
    /// also where the stream belongs to an aggregate and an event is of an unknown type, cannot be read, or cannot be folded into the
    /// state.</exception>
    ValueTask<Outcome> AppendAsync(
        StreamId stream,
        ExpectedVersion expected,
        ReadOnlyMemory<EventData> events,
        CommandId id,
        CommandOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads a stream as of now, durable events only.</summary>
    /// <param name="stream">The stream; one without events yields nothing.</param>
    /// <param name="from">The first version to yield: forwards from it up, backwards from it down. Null: from the first, or from the last.</param>
    /// <param name="direction">Forwards by default.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<RecordedEvent> ReadAsync(
        StreamId stream,
        StreamVersion? from = null,
        ReadDirection direction = ReadDirection.Forwards,
        CancellationToken cancellationToken = default);
}

namespace Daybook;

/// <summary>A book: send commands, ask for outcomes, read aggregates. Safe for many threads.</summary>
public interface IDaybook
{
    /// <summary>The streams alone: an event store without handlers.</summary>
    IEventStore Streams { get; }

    /// <summary>Decides a command and makes its events durable, exactly once for its id.</summary>
    /// <param name="command">A command that a registered handler takes.</param>
    /// <param name="id">The client's id for this intention; use the same for every retry of it.</param>
    /// <param name="options">Correlation, tenant, expected version; may be null.</param>
    /// <param name="cancellationToken">Honoured until the command is handed to its partition; after that point it has no effect.</param>
    /// <returns>The outcome. <see cref="Outcome.InDoubt"/> when the owner was lost before it could answer.</returns>
    /// <exception cref="DaybookException">The command was not carried out and left nothing behind: unknown type, invalid argument, too large, handler failed,
    /// overloaded, no owner, book closed, store stopped; or, where its partition remembers the id, another command has it
    /// (<see cref="ErrorCode.CommandIdReused"/>).</exception>
    ValueTask<Outcome> SendAsync<TCommand>(
        TCommand command, CommandId id, CommandOptions? options = null, CancellationToken cancellationToken = default)
        where TCommand : notnull;

    /// <summary>The durable outcome of a command, now.</summary>
    /// <returns>The outcome; null when no command of that id took place within the command window.</returns>
    /// <exception cref="DaybookException">A partition has no owner at the moment, so the answer is not known
    /// (<see cref="ErrorCode.NotOwner"/>, transient).</exception>
    ValueTask<Outcome?> OutcomeOfAsync(CommandId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Where all of an accepted command can be seen: one position for each partition that got events. Wait for them
    /// (<see cref="Projections.IProjections"/>) to read the whole of your own write from a projection. A command of one partition has
    /// one, <see cref="Outcome.Accepted.Position"/>, which needs no question. The other partitions of a transaction make their part
    /// visible a little after the command was accepted; this waits until they have, so a position may lie a few records further on.
    /// </summary>
    /// <param name="accepted">The outcome, at any time after it was given, also by a retry or after a restart.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NotOwner"/>: one of its partitions has no owner at the moment (transient).
    /// <see cref="ErrorCode.InvalidArgument"/>: the position is none of this book's. <see cref="ErrorCode.Truncated"/>: the record is gone.
    /// <see cref="ErrorCode.Overloaded"/>: too many requests are under way.</exception>
    ValueTask<IReadOnlyList<Position>> PositionsOfAsync(Outcome.Accepted accepted, CancellationToken cancellationToken = default);

    /// <summary>A linearizable read: the state includes every command acknowledged before this call began, and nothing undurable.</summary>
    /// <param name="key">The aggregate's key, as it stands in commands.</param>
    /// <param name="at">The version to read at; null for the present one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException">The version lies in the future or the events cannot be folded.</exception>
    ValueTask<Aggregate<TState>> ReadAsync<TState>(object key, StreamVersion? at = null, CancellationToken cancellationToken = default)
        where TState : class;

    /// <summary>
    /// Deletes the records of a partition before an offset, for good: their events can no longer be read
    /// (<see cref="ErrorCode.Truncated"/>), states and later events stay. Writes a snapshot of every aggregate of the partition that
    /// has none in what is kept, and waits until every projection has applied what was recorded when the call began.
    /// Streams of no registered aggregate have no state and simply lose their first events.
    /// </summary>
    /// <remarks>
    /// What only the deleted events could give is gone with them: a projection that is new, has a new version or is kept in memory
    /// parks at the missing records; a state type whose shape changes can no longer be folded, so its aggregate cannot be read or
    /// commanded. A crash on the way leaves either all or none of the records, and states as they were.
    /// </remarks>
    /// <param name="partition">The partition.</param>
    /// <param name="before">The first offset wanted, such as that of a <see cref="Position"/>.</param>
    /// <param name="cancellationToken">Stops it before the first record is deleted; after that point it has no effect.</param>
    /// <returns>The first offset that is kept. It may lie before <paramref name="before"/>: only whole ledgers go, and never records
    /// after the newest checkpoint, of the commands within the command window, or of a transaction under way.</returns>
    /// <exception cref="DaybookException">Nothing was deleted. <see cref="ErrorCode.InvalidArgument"/>: no such partition or offset, or an
    /// aggregate without a state. <see cref="ErrorCode.PoisonEvent"/>: a projection is parked. <see cref="ErrorCode.NotOwner"/>: the
    /// partition has no owner (transient). Others: a state cannot be folded or written, the message names its stream. After
    /// <see cref="ErrorCode.StoreFailed"/> and <see cref="InDoubtException"/> the records may be gone; ask again.</exception>
    ValueTask<JournalOffset> TruncateAsync(PartitionId partition, JournalOffset before, CancellationToken cancellationToken = default);
}

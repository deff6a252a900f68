namespace Daybook;

/// <summary>
/// What became of a command. A value, never an exception: the four cases are <see cref="Accepted"/>, <see cref="Rejected"/>,
/// <see cref="Conflict"/> and <see cref="InDoubt"/>. The first three are durable: a retry with the same id within the command window
/// returns the same one.
/// </summary>
public abstract record Outcome
{
    private Outcome(CommandId commandId) => CommandId = commandId;

    /// <summary>The command this is the outcome of.</summary>
    public CommandId CommandId { get; }

    /// <summary>The command took effect; its events are durable.</summary>
    public sealed record Accepted : Outcome
    {
        /// <summary>States that the command took effect.</summary>
        /// <param name="commandId">The command.</param>
        /// <param name="position">The journal record that made it so (for a transaction: the decision of its coordinator).</param>
        /// <param name="version">The version of the first named aggregate after it.</param>
        public Accepted(CommandId commandId, Position position, StreamVersion version)
            : base(commandId) => (Position, Version) = (position, version);

        /// <summary>
        /// The journal record that made it so; wait for it to read your own write from a projection. For a transaction over several
        /// partitions ask <see cref="IDaybook.PositionsOfAsync"/> for the others'.
        /// </summary>
        public Position Position { get; }

        /// <summary>The version of the command's first aggregate after it; meaningful for commands of one aggregate.</summary>
        public StreamVersion Version { get; }
    }

    /// <summary>The handler refused; nothing was recorded but the refusal itself.</summary>
    public sealed record Rejected : Outcome
    {
        /// <summary>States that the handler refused.</summary>
        public Rejected(CommandId commandId, string reason, string? detail)
            : base(commandId) => (Reason, Detail) = (reason, detail);

        /// <summary>A short stable code such as <c>insufficient-funds</c>.</summary>
        public string Reason { get; }

        /// <summary>A sentence for people; null when none was given.</summary>
        public string? Detail { get; }
    }

    /// <summary>The stream was not at the expected version; nothing was written.</summary>
    public sealed record Conflict : Outcome
    {
        /// <summary>States that the stream was not at the expected version.</summary>
        public Conflict(CommandId commandId, StreamId stream, StreamVersion actual)
            : base(commandId) => (Stream, Actual) = (stream, actual);

        /// <summary>The stream in conflict.</summary>
        public StreamId Stream { get; }

        /// <summary>The version it was at: read from there on and decide again, with a new command id.</summary>
        public StreamVersion Actual { get; }
    }

    /// <summary>
    /// It is not known whether the command took effect: its owner was lost, or failed, before it could answer. Ask
    /// <see cref="IDaybook.OutcomeOfAsync"/>, or send the command again with the same id; both are safe.
    /// </summary>
    public sealed record InDoubt : Outcome
    {
        /// <summary>States that it is not known.</summary>
        public InDoubt(CommandId commandId, string cause)
            : base(commandId) => Cause = cause;

        /// <summary>What got in the way, for people.</summary>
        public string Cause { get; }
    }
}

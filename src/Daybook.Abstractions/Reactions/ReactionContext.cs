using Daybook.Projections;

namespace Daybook.Reactions;

/// <summary>One delivery of an event to a reaction. Not safe for several threads.</summary>
/// <param name="projected">The event.</param>
/// <param name="id">See <see cref="Id"/>.</param>
/// <param name="book">Where commands are sent.</param>
public sealed class ReactionContext(ProjectedEvent projected, IdempotencyId id, IDaybook book)
{
    private readonly HashSet<string> _steps = new(StringComparer.Ordinal);

    /// <summary>The deserialized, upcast event.</summary>
    public object Event => projected.Body;

    /// <summary>The event as stored, with stream, version, position and metadata.</summary>
    public RecordedEvent Recorded => projected.Recorded;

    /// <summary>The identity of this reaction to this event, the same at each delivery.</summary>
    public IdempotencyId Id => id;

    /// <summary>The book, to read aggregates.</summary>
    public IDaybook Book => book;

    /// <summary>
    /// Sends a command whose id follows from <see cref="Id"/> and the step, so that a second delivery of the event has no second effect, as long as it comes
    /// within the command window of the command's partition (invariant J5). The event's correlation and tenant go on with it; its command
    /// is the cause.
    /// </summary>
    /// <param name="command">A command that a registered handler takes.</param>
    /// <param name="step">Distinguishes several commands of one reaction; a step is sent once in a delivery.</param>
    /// <param name="options">Its options; null for those that the event carries.</param>
    /// <param name="cancellationToken">Honoured until the command is handed to its partition.</param>
    /// <returns>Accepted, rejected or in conflict. A refusal is a value; it is for the reaction to act on.</returns>
    /// <exception cref="InDoubtException">It is not known whether it took effect: let it through, and the delivery is repeated.</exception>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the step was sent already. Others: see <see cref="IDaybook.SendAsync"/>.</exception>
    public async ValueTask<Outcome> SendAsync<TCommand>(
        TCommand command, string step = "", CommandOptions? options = null, CancellationToken cancellationToken = default)
        where TCommand : notnull
    {
        ArgumentNullException.ThrowIfNull(book);
        if (!_steps.Add(step))
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The reaction to {Recorded.Position} sends two commands as step '{step}'; they would share one command id, and the second would do nothing. Name the steps.");
        var outcome = await SendAsync(command, id.ToCommandId(step), options ?? FromEvent(), cancellationToken).ConfigureAwait(false);
        return outcome is Outcome.InDoubt doubt
            ? throw new InDoubtException(ErrorCode.NotOwner, $"It is not known whether command {doubt.CommandId} took effect: {doubt.Cause}")
            : outcome;
    }

    /// <summary>An earlier delivery may have sent this step with other content, for what a reaction looks at changes: that command counts.</summary>
    private async ValueTask<Outcome> SendAsync<TCommand>(TCommand command, CommandId commandId, CommandOptions options, CancellationToken cancellationToken)
        where TCommand : notnull
    {
        try
        {
            return await book.SendAsync(command, commandId, options, cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.CommandIdReused)
        {
            return await book.OutcomeOfAsync(commandId, cancellationToken).ConfigureAwait(false)
                ?? throw new InDoubtException(ErrorCode.NotOwner, $"The outcome of command {commandId} is not known at the moment.", e);
        }
    }

    private CommandOptions FromEvent() => new()
    {
        CausationId = Recorded.Metadata.CommandId.ToString(),
        CorrelationId = Recorded.Metadata.CorrelationId,
        Tenant = Recorded.Metadata.Tenant,
    };
}

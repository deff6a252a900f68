using Daybook.Core.Modeling;

namespace Daybook.Testing.Scenarios;

/// <summary>The command of a scenario, its type kept for the book.</summary>
internal abstract class CommandStep
{
    public abstract object Command { get; }

    public abstract ValueTask<Outcome> SendAsync(Book book, CommandId id, CancellationToken cancellationToken);

    /// <summary>The streams of the aggregates that the command names.</summary>
    public abstract IEnumerable<StreamId> Streams(BookModel model);
}

/// <inheritdoc/>
internal sealed class CommandStep<TCommand>(TCommand command, CommandOptions? options) : CommandStep
    where TCommand : notnull
{
    public override object Command => command;

    public override ValueTask<Outcome> SendAsync(Book book, CommandId id, CancellationToken cancellationToken) =>
        book.SendAsync(command, id, options, cancellationToken);

    public override IEnumerable<StreamId> Streams(BookModel model)
    {
        var targets = new List<Target>();
        model.Command<TCommand>().Collect(command, targets);
        return targets.Select(target => target.Stream);
    }
}

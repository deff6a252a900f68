using Daybook;

namespace Bank.Tests;

/// <summary>A book with scripted answers, for answers that a healthy book hardly ever gives.</summary>
internal sealed class ScriptedBook(params Func<CommandId, Outcome>[] answers) : IDaybook
{
    private readonly List<(object Command, CommandId Id, CommandOptions? Options)> _sent = [];

    /// <summary>What was sent, in order.</summary>
    public IReadOnlyList<(object Command, CommandId Id, CommandOptions? Options)> Sent => _sent;

    public IEventStore Streams => throw new InvalidOperationException("This book has no streams.");

    public ValueTask<Outcome> SendAsync<TCommand>(
        TCommand command, CommandId id, CommandOptions? options = null, CancellationToken cancellationToken = default)
        where TCommand : notnull
    {
        _sent.Add((command, id, options));
        return new ValueTask<Outcome>(answers[Math.Min(_sent.Count, answers.Length) - 1](id));
    }

    public ValueTask<Outcome?> OutcomeOfAsync(CommandId id, CancellationToken cancellationToken = default) => new((Outcome?)null);

    public ValueTask<IReadOnlyList<Position>> PositionsOfAsync(Outcome.Accepted accepted, CancellationToken cancellationToken = default) =>
        new([accepted.Position]);

    public ValueTask<Aggregate<TState>> ReadAsync<TState>(object key, StreamVersion? at = null, CancellationToken cancellationToken = default)
        where TState : class => new(new Aggregate<TState>(StreamId.For("none", key.ToString()!), StreamVersion.None, null));

    public ValueTask<JournalOffset> TruncateAsync(PartitionId partition, JournalOffset before, CancellationToken cancellationToken = default) => new(before);
}

namespace Daybook.Testing.Scenarios;

/// <summary>What should be true of an aggregate's state.</summary>
internal abstract class StateExpectation
{
    /// <returns>What is wrong; null when all is well.</returns>
    public abstract ValueTask<string?> CheckAsync(Book book, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class StateExpectation<TState>(object key, Func<TState, bool> holds, string text) : StateExpectation
    where TState : class
{
    public override async ValueTask<string?> CheckAsync(Book book, CancellationToken cancellationToken)
    {
        var read = await book.ReadAsync<TState>(key, cancellationToken: cancellationToken);
        if (read.State is null)
            return $"'{read.Stream}' has no events, so no state of which {text} could hold.";
        return holds(read.State) ? null : $"'{read.Stream}' at version {read.Version} is {read.State}, of which {text} does not hold.";
    }
}

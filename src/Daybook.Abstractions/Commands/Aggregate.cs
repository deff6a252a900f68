namespace Daybook;

/// <summary>An aggregate as read: its state after <paramref name="Version"/> events.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Version">How many events the state folds.</param>
/// <param name="State">The fold; null when the stream has no events.</param>
/// <typeparam name="TState">The state type.</typeparam>
public sealed record Aggregate<TState>(StreamId Stream, StreamVersion Version, TState? State)
    where TState : class;

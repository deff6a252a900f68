using Daybook.Core.Modeling;

namespace Daybook.Core.Transactions;

/// <summary>What a decision does to one stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Model">How its state folds; null for ready-made events, whose state nobody knows.</param>
/// <param name="FirstVersion">The version of its first new event.</param>
/// <param name="Events">The events, in order.</param>
/// <param name="State">The state after them, in the form in which it is kept.</param>
/// <param name="StateIsKnown">False when the events are bytes that nobody folded.</param>
internal readonly record struct StreamWrite(
    StreamId Stream, AggregateModel? Model, long FirstVersion, List<object> Events, object? State, bool StateIsKnown)
{
    /// <summary>The version of its last new event.</summary>
    public long LastVersion => FirstVersion + Events.Count - 1;
}

namespace Daybook.Testing.Scenarios;

/// <summary>Events of one aggregate as a scenario names it.</summary>
/// <param name="Key">A key as it stands in commands, or a stream.</param>
/// <param name="State">The aggregate's state type; null when it follows from the events.</param>
/// <param name="Events">The events, oldest first.</param>
internal sealed record KeyedEvents(object Key, Type? State, IReadOnlyList<object> Events);

namespace Daybook;

/// <summary>One event of a decision and the aggregate it belongs to.</summary>
/// <param name="Key">The key as it stands in the command; null for the only aggregate of the handler.</param>
/// <param name="Event">The event.</param>
public readonly record struct Emission(object? Key, object Event);

namespace Daybook.Testing.Scenarios;

/// <summary>A scenario did not end as expected, or could not be run; the message shows what was expected beside what happened.</summary>
public sealed class ScenarioException(string message, Exception? inner = null) : Exception(message, inner);

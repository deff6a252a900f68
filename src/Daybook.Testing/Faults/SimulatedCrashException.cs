namespace Daybook.Testing.Faults;

/// <summary>The machine stopped at this operation, or had stopped before it.</summary>
public sealed class SimulatedCrashException() : IOException("The simulated machine has stopped.");

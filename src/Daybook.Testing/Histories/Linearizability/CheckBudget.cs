namespace Daybook.Testing.Histories.Linearizability;

/// <summary>What a check may spend before it answers "unknown": checking linearizability is NP-complete.</summary>
public sealed record CheckBudget
{
    /// <summary>The limits that hold where none are given.</summary>
    public static readonly CheckBudget Default = new();

    /// <summary>
    /// How often an operation may be tried as the next one. Memory grows with it: at worst about 100 bytes a step. Default: 20 million.
    /// </summary>
    public long MaxSteps { get; init; } = 20_000_000;

    /// <summary>How long the check may take. Default: one minute.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock that <see cref="MaxTime"/> is measured by. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

namespace Daybook.Testing.Histories.Linearizability;

/// <summary>What a check found.</summary>
public enum LinearizabilityVerdict
{
    /// <summary>The budget was used up first.</summary>
    Unknown,

    /// <summary>There is an order of the operations that explains all answers and agrees with real time.</summary>
    Linearizable,

    /// <summary>There is no such order for at least one key.</summary>
    NotLinearizable,
}

/// <summary>The result of a check.</summary>
/// <typeparam name="TCall">What was asked.</typeparam>
/// <typeparam name="TReturn">What was answered.</typeparam>
/// <param name="Verdict">What was found.</param>
/// <param name="Violation">The evidence; not null exactly if the history is not linearizable.</param>
/// <param name="Steps">What the check spent.</param>
public sealed record LinearizabilityResult<TCall, TReturn>(
    LinearizabilityVerdict Verdict, LinearizabilityViolation<TCall, TReturn>? Violation, long Steps)
{
    /// <inheritdoc />
    public override string ToString() => $"{Verdict} after {Steps} steps{(Violation is null ? "" : $": {Violation}")}";
}

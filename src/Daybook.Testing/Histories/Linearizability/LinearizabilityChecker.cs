namespace Daybook.Testing.Histories.Linearizability;

/// <summary>
/// Decides whether a history could come from an object that does one call at a time, each between its invocation and its completion.
/// </summary>
public static class LinearizabilityChecker
{
    /// <summary>
    /// Checks each key of a history against a model. Failed operations did not happen; those with an unknown outcome may take effect at
    /// any time after their invocation, or never.
    /// </summary>
    /// <param name="history">What the clients saw.</param>
    /// <param name="model">What one client alone would see.</param>
    /// <param name="budget">What the check may spend over all keys. Default: <see cref="CheckBudget.Default"/>.</param>
    /// <returns>The violation of the first key that has one; "unknown" only if no key has one and the budget was used up.</returns>
    public static LinearizabilityResult<TCall, TReturn> Check<TState, TCall, TReturn>(
        History<TCall, TReturn> history, ISequentialModel<TState, TCall, TReturn> model, CheckBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(model);
        var meter = new BudgetMeter(budget ?? CheckBudget.Default);
        var verdict = LinearizabilityVerdict.Linearizable;
        foreach (var operations in history.Operations.Where(o => o.Completion != Completion.Fail).GroupBy(o => model.KeyOf(o.Call)))
        {
            var result = new LinearizationSearch<TState, TCall, TReturn>(operations.Key, operations, model, meter).Run();
            if (result.Violation is not null) return result;
            if (result.Verdict == LinearizabilityVerdict.Unknown) verdict = result.Verdict;
        }
        return new(verdict, null, meter.Steps);
    }
}

namespace Daybook.Testing.Histories.Linearizability;

/// <summary>Counts what a check has spent of its budget.</summary>
internal sealed class BudgetMeter(CheckBudget budget)
{
    private const int StepsBetweenLooksAtTheClock = 1024;
    private readonly long _started = budget.Time.GetTimestamp();
    private bool _late;

    public long Steps { get; private set; }

    public bool TrySpend()
    {
        if (Steps % StepsBetweenLooksAtTheClock == 0) _late = budget.Time.GetElapsedTime(_started) > budget.MaxTime;
        if (_late || Steps >= budget.MaxSteps) return false;
        Steps++;
        return true;
    }
}

using Daybook.Memory;

namespace Daybook.Testing.Scenarios;

/// <summary>Runs a scenario once, with nothing going wrong but what the scenario itself does.</summary>
internal static class PeacefulRun
{
    private static readonly CommandId s_id = new(new Guid("00000000-0000-0000-0000-00000000da7e"));

    public static async Task RunAsync(ScenarioScript script)
    {
        await using var run = new ScenarioBook(script, script.NewBuilder(), new MemoryLedgerStore(), new MemoryCoordinator());
        await run.ArrangeAsync(CancellationToken.None);
        await CheckAsync(run, await SendAsync(run), CancellationToken.None);
    }

    /// <exception cref="ScenarioException">The result is not the expected one.</exception>
    public static async Task CheckAsync(ScenarioBook run, Outcome outcome, CancellationToken cancellationToken)
    {
        var actual = await ScenarioResult.ActualAsync(run, outcome, cancellationToken);
        if (ScenarioReport.Difference(run, ScenarioResult.Expected(run), actual, (outcome as Outcome.Rejected)?.Detail) is { } difference)
            throw new ScenarioException(difference);
        foreach (var expected in run.Script.States)
        {
            if (await expected.CheckAsync(run.Book, cancellationToken) is { } wrong)
                throw new ScenarioException($"The scenario did not end as expected.\nwhen\n    {run.Script.When.Command}\nthen\n  > {wrong}\n");
        }
    }

    private static async Task<Outcome> SendAsync(ScenarioBook run)
    {
        try
        {
            return await run.Script.When.SendAsync(run.Book, s_id, CancellationToken.None);
        }
        catch (DaybookException e)
        {
            throw new ScenarioException($"The command {run.Script.When.Command} was not carried out ({e.Code}): {e.Message}", e);
        }
    }
}

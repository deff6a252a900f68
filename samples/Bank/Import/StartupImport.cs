using Bank.CommandLine;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank.Import;

/// <summary>The import at the start of the program.</summary>
/// <param name="Files">Checked files; null for the shipped ones, which are imported only into an empty book.</param>
/// <param name="Output">Receives progress and the summary.</param>
/// <param name="IsTerminal">Whether the output can show a bar that moves.</param>
public sealed record StartupImportPlan(IReadOnlyList<JournalFile>? Files, TextWriter Output, bool IsTerminal)
{
    /// <summary>Whether the program starts even if the book or a read model is not reachable yet, and imports later. Default:
    /// true.</summary>
    public bool IsPatient { get; init; } = true;
}

/// <summary>
/// Imports before the bank serves: hosted services start one after the other, so the book is open by then and the web server is not. A bank
/// in standby serves first, and imports after its takeover.
/// </summary>
internal sealed class StartupImport(
    StartupImportPlan plan, IServiceProvider services, IBookStatus book, TimeProvider time, ILogger<StartupImport> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _later = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (book.ReadModelsError is null && book.Partitions.All(partition => partition.IsOwned))
            {
                await RunAsync(cancellationToken);
                return;
            }
        }
        catch (DaybookException e) when (plan.IsPatient && IsWorthWaiting(e))
        {
            log.LogWarning("The import waits: {Reason}", e.Message);
        }
        _later = RunLaterAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _later.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunLaterAsync(CancellationToken stopping)
    {
        try
        {
            await book.ReadyAsync(stopping);
            while (!await TryAsync(stopping))
                await Task.Delay(s_pause, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // After a restart, the import resumes where it stopped.
        }
        catch (Exception e) when (e is DaybookException or ImportException or JournalFormatException or IOException)
        {
            if (!stopping.IsCancellationRequested)
                log.LogError("The import has failed: {Reason}", e.Message);
        }
    }

    private async Task<bool> TryAsync(CancellationToken stopping)
    {
        try
        {
            await RunAsync(stopping);
            return true;
        }
        catch (DaybookException e) when (IsWorthWaiting(e))
        {
            return false;
        }
    }

    /// <summary>A read model that does not exist yet is reported as a failed store too.</summary>
    private static bool IsWorthWaiting(DaybookException e) => e.IsTransient || e.Code == ErrorCode.StoreFailed;

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        if (plan.Files is { } files)
            await ImportAsync(files, cancellationToken);
        else
            await services.GetRequiredService<FirstRun>().RunAsync(shipped => ImportAsync(shipped, cancellationToken), cancellationToken);
        await SummarizeAsync(cancellationToken);
    }

    private async Task ImportAsync(IReadOnlyList<JournalFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
            await plan.Output.WriteLineAsync($"Importing {file.Entries.Count:N0} entries of {file.Path}");
        var bar = new ProgressBar(plan.Output, plan.IsTerminal, time);
        var result = await services.GetRequiredService<Importer>().ImportAsync(files, bar.Report, cancellationToken);
        await plan.Output.WriteLineAsync($"Imported: {result.Counts.Posted:N0} new entries, {result.Counts.Present:N0} were there already.");
        foreach (var note in files.SelectMany(file => file.Notes))
            await plan.Output.WriteLineAsync($"Note: {note}");
        await services.GetRequiredService<ReadModelClock>().CatchUpAsync(result.Positions, cancellationToken);
    }

    private async Task SummarizeAsync(CancellationToken cancellationToken)
    {
        await services.GetRequiredService<ReadModelClock>().CatchUpAsync(cancellationToken);
        var balances = services.GetRequiredService<IReadModel<Balance>>().QueryAsync(cancellationToken: cancellationToken);
        await BalanceReport.WriteSummaryAsync(balances.Select(row => row.Value), plan.Output);
    }
}

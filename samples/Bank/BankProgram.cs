using Bank.Audit;
using Bank.CommandLine;
using Bank.Import;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank;

/// <summary>The program: one command line, one exit code.</summary>
internal static class BankProgram
{
    private const int Ok = 0;
    private const int Failed = 1;
    private const int BadInput = 2;

    /// <summary>Runs a command line. Errors that a user can resolve become one line, without a stack trace.</summary>
    /// <returns>0 on success, 1 on failure, 2 when the command line or a file is invalid.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, bool isTerminal)
    {
        try
        {
            return args is [ProjectionsCommand.Word, .. var words]
                ? await ProjectionsCommand.RunAsync(words, output, error)
                : await RunAsync(BankArguments.Parse(args), output, isTerminal);
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"bank: {e.Message}; see --help");
            return BadInput;
        }
        catch (JournalFormatException e)
        {
            await error.WriteLineAsync($"bank: {e.Message} Nothing was imported.");
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("bank: stopped early; imported entries are kept, start it again to continue");
            return Failed;
        }
        catch (Exception e) when (e is DaybookException or ImportException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"bank: {e.Message}");
            return Failed;
        }
    }

    private static Task<int> RunAsync(BankArguments arguments, TextWriter output, bool isTerminal) => arguments.Verb switch
    {
        Verb.Balances => WithBookAsync(arguments, services => BalancesAsync(services, arguments.Csv, output)),
        Verb.Audit => WithBookAsync(arguments, services => AuditAsync(services, output)),
        Verb.Help => HelpAsync(output),
        _ => StartAsync(arguments, output, isTerminal),
    };

    private static async Task<int> StartAsync(BankArguments arguments, TextWriter output, bool isTerminal)
    {
        var files = arguments.Verb == Verb.Import ? await ReadAsync(arguments.Files) : null;
        var plan = new StartupImportPlan(files, output, isTerminal) { IsPatient = arguments.Serves };
        if (!arguments.Exit)
            return await BankServer.RunAsync(arguments, plan, output);
        return await WithBookAsync(arguments, _ => Task.FromResult(Ok), plan);
    }

    private static async Task<IReadOnlyList<JournalFile>> ReadAsync(IEnumerable<string> paths)
    {
        var files = new List<JournalFile>();
        foreach (var path in paths)
        {
            if (!File.Exists(path))
                throw new UsageException($"there is no file '{path}'");
            files.Add(await JournalFile.ReadAsync(path));
        }
        return files;
    }

    private static async Task<int> WithBookAsync(
        BankArguments arguments, Func<IServiceProvider, Task<int>> run, StartupImportPlan? plan = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddBank(arguments);
        if (plan is not null)
            builder.Services.AddSingleton(plan).AddHostedService<StartupImport>();
        using var host = builder.Build();
        await host.StartAsync();
        var result = await run(host.Services);
        await host.StopAsync();
        return result;
    }

    private static async Task<int> BalancesAsync(IServiceProvider services, bool csv, TextWriter output)
    {
        await services.GetRequiredService<ReadModelClock>().CatchUpAsync();
        var rows = services.GetRequiredService<IReadModel<Balance>>().QueryAsync().Select(row => row.Value);
        await (csv ? BalanceReport.WriteCsvAsync(rows, output) : BalanceReport.WriteTableAsync(rows, output));
        return Ok;
    }

    private static async Task<int> AuditAsync(IServiceProvider services, TextWriter output)
    {
        var report = await services.GetRequiredService<Auditor>().AuditAsync();
        foreach (var difference in report.Differences)
            await output.WriteLineAsync(difference);
        var verdict = report.Differences.Count == 0 ? "everything agrees" : $"{report.Differences.Count:N0} differences";
        await output.WriteLineAsync(
            $"Audit of {report.Streams:N0} streams, {report.Events:N0} events, {report.Accounts:N0} accounts: {verdict}.");
        return report.Differences.Count == 0 ? Ok : Failed;
    }

    private static async Task<int> HelpAsync(TextWriter output)
    {
        await output.WriteLineAsync(Usage.Text);
        return Ok;
    }
}

using Bank.Tests.Running;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Npgsql;
using Xunit.Abstractions;

namespace Bank.Tests.Crashes;

/// <summary>
/// The shipped journal is imported with the read models in a real PostgreSQL, while the bank, the server or both are killed with SIGKILL, at points
/// that a seed gives and the machine blurs. The balances that any client of the server reads must then be those that beancount computes.
/// </summary>
public sealed class PostgresCrashTests : IDisposable
{
    private const int Kills = 9;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random;

    public PostgresCrashTests(ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("DAYBOOK_CRASH_SEED"), out var given) ? given : 20_261_125;
        _random = new Random(seed);
        output.WriteLine($"DAYBOOK_CRASH_SEED={seed}");
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_after_kills_of_the_bank_and_of_the_server_the_balances_in_Postgres_are_those_of_beancount()
    {
        await DebianTool.RequireAsync("bean-query", "beancount");
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        for (var kill = 0; kill < Kills; kill++)
            await ImportUntilKilledAsync(server, kill);

        var last = await BankProcess.RunAsync(_folder.Path, "import", Journal("csv"), "--exit", "--postgres", server.ConnectionString);
        Assert.True(last.ExitCode == 0, last.Output + last.Error);
        var expected = await ReferenceBalances.OfBeancountAsync(Journal("beancount"));
        Assert.InRange(expected.Count, 50, int.MaxValue);
        Assert.Equal(expected, await ReferenceBalances.OfBankAsync(await BalancesBySqlAsync(server.ConnectionString)));
        await AssertSoundAsync(server.ConnectionString, expected);
    }

    /// <summary>The same, configured only by the environment: no SQLite file was ever made.</summary>
    private async Task AssertSoundAsync(string postgres, SortedDictionary<string, decimal> expected)
    {
        var balances = await BankProcess.RunOnAsync(postgres, _folder.Path, "balances", "--csv");
        Assert.Equal(expected, await ReferenceBalances.OfBankAsync(balances.Output));
        var audit = await BankProcess.RunOnAsync(postgres, _folder.Path, "audit");
        Assert.True(audit.ExitCode == 0, audit.Output + audit.Error);
        var status = await BankProcess.RunOnAsync(postgres, _folder.Path, "projections", "status", "balances");
        Assert.True(status.Output.Contains("balances v1 build 1: shown", StringComparison.Ordinal), status.Output + status.Error);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.db", SearchOption.AllDirectories));
    }

    private async Task ImportUntilKilledAsync(PostgresServer server, int kill)
    {
        await using var bank = BankProcess.Start(_folder.Path, "import", Journal("csv"), "--exit", "--postgres", server.ConnectionString);
        await bank.SaidAsync(kill < 2 ? "Importing" : $" {Math.Min(10, kill - 1) * 10}%");
        // The random point between two lines of the program's output; no check depends on its length.
        await Task.Delay(_random.Next(0, 40));
        if (kill % 3 != 0)
            await server.KillAsync();
        if (kill % 3 != 1)
            await bank.KillAsync();
        if (!server.IsRunning)
            await server.RestartAsync();
        await Task.Delay(_random.Next(0, 200)); // a bank that still runs goes on against the server that came back
    }

    private static string Journal(string kind) => Path.Combine(AppContext.BaseDirectory, "journals", $"household-2018-2024.{kind}");

    private static async Task<string> BalancesBySqlAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        const string rows = """select split_part(key, e'\t', 1) as account, split_part(key, e'\t', 2) as currency, document->>'Amount' from bank.projection_balances_v1""";
        using var csv = await connection.BeginTextExportAsync($"copy ({rows}) to stdout with (format csv, header)");
        return await csv.ReadToEndAsync();
    }
}

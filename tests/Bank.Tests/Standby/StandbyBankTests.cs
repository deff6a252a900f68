using System.Diagnostics;
using System.Net;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Daybook.Servers.ZooKeeper;
using Xunit.Abstractions;

namespace Bank.Tests.Standby;

/// <summary>
/// Banks in separate processes, ended by signals: a second one is a standby and takes over; one whose servers are down waits for them. The
/// times printed are the figures of docs/benchmarks.md, on a server whose tick is that of ZooKeeper's own default.
/// </summary>
public sealed class StandbyBankTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>A standby has been up for a while when its time comes: it has rehearsed, and the runtime has compiled that.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGKILL")]
    public async Task Second_bank_on_a_folder_serves_read_models_refuses_writes_and_takes_over(string signal)
    {
        await using var first = await ServingBank.StartAsync(_folder);
        await first.ReadyAsync();
        Assert.Equal(201, (await first.OpenAsync("a")).Status);
        await using var second = await ServingBank.StartAsync(_folder);
        await second.ExpectStandbyAsync("is in use");
        await TakesOverAsync(first, second, signal, TimeSpan.FromSeconds(15));
    }

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData("SIGTERM", 15)]
    [InlineData("SIGKILL", 30)]
    [InlineData("SIGSTOP", 30)]
    public async Task Second_bank_on_a_cluster_names_the_owner_refuses_writes_and_takes_over(string signal, int atMost)
    {
        await using var cluster = await BookieCluster.StartAsync(3, new ZooKeeperServerOptions { TickTime = TimeSpan.FromSeconds(2) });
        await using var first = await ServingBank.StartAsync(_folder, "--bookkeeper", cluster.ConnectString, "--data", "first");
        await first.ReadyAsync();
        Assert.Equal(201, (await first.OpenAsync("a")).Status);
        await using var second = await ServingBank.StartAsync(_folder, "--bookkeeper", cluster.ConnectString, "--data", "second");
        await second.ExpectStandbyAsync($"process {first.Process.Id} on ");
        await TakesOverAsync(first, second, signal, TimeSpan.FromSeconds(atMost));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Standby_ends_promptly_and_without_an_error_on_SIGTERM()
    {
        await using var first = await ServingBank.StartAsync(_folder);
        await first.ReadyAsync();
        await using var second = await ServingBank.StartAsync(_folder);
        await second.TerminateAsync();
        Assert.Equal(201, (await first.OpenAsync("a")).Status);
    }

    [Fact]
    public async Task Bank_starts_while_ZooKeeper_is_down_and_ends_on_SIGTERM()
    {
        await using var bank = await ServingBank.StartAsync(_folder, "--bookkeeper", $"127.0.0.1:{ServingBank.ClosedPort()}");
        await bank.ExpectStandbyAsync("store of the book");
        await bank.TerminateAsync();
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Bank_starts_while_all_bookies_are_down_and_serves_when_they_are_up()
    {
        await using var cluster = await BookieCluster.StartAsync(3);
        foreach (var bookie in cluster.Bookies)
            await bookie.StopAsync();
        await using var bank = await ServingBank.StartAsync(_folder, "--bookkeeper", cluster.ConnectString);
        Assert.Equal(HttpStatusCode.OK, (await bank.GetAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await bank.GetAsync("/health/ready")).Status);
        foreach (var bookie in cluster.Bookies)
            await bookie.RestartAsync();
        await bank.ReadyAsync();
        Assert.Equal(201, (await bank.OpenAsync("a")).Status);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Bank_starts_and_takes_commands_while_Postgres_is_down_and_serves_read_models_when_it_is_up()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions());
        await server.KillAsync();
        await using var bank = await ServingBank.StartAsync(_folder, "--postgres", server.ConnectionString);
        Assert.Equal(HttpStatusCode.OK, (await bank.GetAsync("/health/live")).Status);
        Assert.Equal(201, (await bank.OpenAsync("a")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await bank.GetAsync("/entries")).Status);
        await server.RestartAsync();
        await Wait.UntilAsync(
            async () => await bank.GetAsync("/balances") is (HttpStatusCode.OK, var rows) && rows.Contains("\"a\"", StringComparison.Ordinal),
            "the read models had caught up", TimeSpan.FromMinutes(2));
        await bank.ReadyAsync();
    }

    private async Task TakesOverAsync(ServingBank first, ServingBank second, string signal, TimeSpan atMost)
    {
        await Task.Delay(s_settled);
        var started = Stopwatch.GetTimestamp();
        switch (signal)
        {
            case "SIGTERM": first.Process.Terminate(); break;
            case "SIGKILL": await first.Process.KillAsync(); break;
            default: await first.Process.PauseAsync(); break;
        }
        var ended = signal == "SIGTERM" ? EndedAsync(first, started) : Task.CompletedTask;
        await Wait.UntilAsync(async () => (await second.OpenAsync("b")).Status == 201, "the standby took over", TimeSpan.FromMinutes(2));
        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"takeover after {signal}: {took.TotalSeconds:F2} s");
        await ended;
        await second.ReadyAsync();
        Assert.InRange(took, TimeSpan.Zero, atMost);
    }

    private async Task EndedAsync(ServingBank bank, long started)
    {
        Assert.Equal(0, await bank.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        output.WriteLine($"the process had ended after {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s");
    }
}

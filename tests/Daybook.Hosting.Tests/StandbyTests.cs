using System.Diagnostics;
using Daybook.Coordination;
using Daybook.Embedded;
using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Microsoft.Extensions.Hosting;

namespace Daybook.Hosting.Tests;

/// <summary>A host starts even if external services are down, reports why it is not ready, and becomes ready by itself.</summary>
public sealed class StandbyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Second_host_on_a_folder_stands_by_serves_read_models_and_takes_over_when_the_first_stops()
    {
        await using var first = await TestHost.StartAsync(book => book.UseEmbedded(_folder.Path));
        await first.Projections.WaitForAsync("jars", (await first.PutAsync("a", 1)).Position);
        await using var second = await TestHost.StartAsync(book => book.UseEmbedded(_folder.Path));

        await second.ExpectStandbyAsync(_folder["ledgers"]);
        Assert.Equal(1, (await second.Rows.GetAsync("jar/a"))!.Amount);

        await first.StopAsync();
        await second.ReadyAsync();
        await second.Projections.WaitForAsync("jars", (await second.PutAsync("a", 2)).Position);
        Assert.Equal(3, (await second.Rows.GetAsync("jar/a"))!.Amount);
    }

    [Fact]
    public async Task Standby_whose_folder_was_moved_away_begins_no_empty_book_and_takes_over_when_it_is_back()
    {
        var (data, away) = (_folder["data"], _folder["away"]);
        await using var first = await TestHost.StartAsync(book => book.UseEmbedded(data));
        await first.PutAsync("a", 1);
        await using var second = await TestHost.StartAsync(book => book.UseEmbedded(data));
        await second.ExpectStandbyAsync(Path.Combine(data, "ledgers"));

        Directory.Move(data, away);
        await Wait.UntilAsync(async () => (await second.HealthAsync("ready")).Description!.Contains("the book is gone", StringComparison.Ordinal), "the loss was shown");
        Assert.Equal(ErrorCode.NotOwner, (await Assert.ThrowsAsync<DaybookException>(() => second.PutAsync("a", 2))).Code);
        await first.PutAsync("a", 2);
        await first.StopAsync();
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        Directory.Move(away, data);
        await second.ReadyAsync();
        Assert.Equal(new Jar(3), (await second.Book.ReadAsync<Jar>("a")).State);
    }

    [Fact]
    public async Task Host_whose_book_another_process_owns_names_the_lease_and_takes_over_when_it_is_released()
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        var lease = await coordinator.AcquireAsync("partitions/0");
        await using var host = await TestHost.StartAsync(book => On(book, ledgers, coordinator));
        await host.ExpectStandbyAsync("Another process owns the book");
        await lease.DisposeAsync();
        await host.ReadyAsync();
        await host.PutAsync("a", 1);
        await Wait.UntilAsync(() => host.Log.Lines.Any(line => line.Contains("owns the book, all 3 partitions", StringComparison.Ordinal)), "the log named the owner");
    }

    [Fact]
    public async Task Of_two_hosts_that_start_together_one_owns_all_partitions_and_the_other_takes_over_from_it()
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => TestHost.StartAsync(book => On(book, ledgers, coordinator)))));
        await Wait.UntilAsync(() => hosts.Any(host => host.Status.Partitions.All(partition => partition.IsOwned)), "one host owned the book");
        var owner = hosts.Single(host => host.Status.Partitions.Any(partition => partition.IsOwned));
        var standby = hosts.Single(host => host != owner);
        await owner.PutAsync("a", 1);
        Assert.Equal(ErrorCode.NotOwner, (await Assert.ThrowsAsync<DaybookException>(() => standby.PutAsync("a", 1))).Code);
        await owner.DisposeAsync();
        await standby.ReadyAsync();
        await standby.PutAsync("a", 1);
        Assert.Equal(new Jar(2), (await standby.Book.ReadAsync<Jar>("a")).State);
        await standby.DisposeAsync();
    }

    [Fact]
    public async Task Book_that_another_process_owns_is_waited_for_within_the_ownership_timeout()
    {
        var coordinator = new MemoryCoordinator();
        await using var lease = await coordinator.AcquireAsync("partitions/0");
        var builder = new DaybookBuilder().AddHandlers(typeof(JarHandlers)).Configure(options => options.OwnershipTimeout = TimeSpan.FromMilliseconds(50));
        On(builder, new MemoryLedgerStore(), coordinator);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => builder.OpenAsync().AsTask());
        Assert.Equal(ErrorCode.NotOwner, refused.Code);
        Assert.Contains("within 0.05 s (option OwnershipTimeout)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_is_under_way_when_the_host_stops_is_answered_and_a_later_one_is_refused_as_closed()
    {
        await using var host = await TestHost.StartAsync(book => book.UseMemory());
        var book = host.Book;
        var underWay = book.SendAsync(new SlowPut("a", 1), new CommandId(Guid.NewGuid())).AsTask();
        var stopping = host.StopAsync();
        await Wait.UntilAsync(async () => await IsClosedAsync(book), "the book was being closed");
        JarHandlers.Slow.Release();
        Assert.IsType<Outcome.Accepted>(await underWay);
        await stopping;
    }

    [Theory]
    [InlineData("ledgers")]
    [InlineData("coordinator")]
    [InlineData("sink")]
    public async Task Host_starts_while_a_server_is_down_and_is_ready_when_it_is_up(string absent)
    {
        var down = new Outage();
        await using var host = await TestHost.StartAsync(book => On(book, down, absent));
        Assert.Equal(HealthStatus("Healthy"), (await host.HealthAsync("live")).Status);
        var health = await host.HealthAsync("ready");
        Assert.Equal(HealthStatus("Unhealthy"), health.Status);
        Assert.Contains("no answer from 127.0.0.1", health.Description, StringComparison.Ordinal);
        down.IsOver = true;
        await host.ReadyAsync();
        await host.Projections.WaitForAsync("jars", (await host.PutAsync("a", 1)).Position);
    }

    [Theory]
    [InlineData("ledgers")]
    [InlineData("coordinator")]
    [InlineData("sink")]
    public async Task Server_that_never_answers_holds_up_neither_start_nor_stop(string absent)
    {
        var started = Stopwatch.GetTimestamp();
        var host = await TestHost.StartAsync(book => On(book, new Outage { Hangs = true }, absent));
        Assert.Equal(HealthStatus("Unhealthy"), (await host.HealthAsync("ready")).Status);
        await host.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task Standby_that_is_stopped_ends_without_an_error()
    {
        var coordinator = new MemoryCoordinator();
        await using var lease = await coordinator.AcquireAsync("partitions/0");
        var host = await TestHost.StartAsync(book => On(book, new MemoryLedgerStore(), coordinator));
        await host.StopAsync();
        Assert.DoesNotContain(host.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waiting_does_not_cure_fails_the_start_and_is_named()
    {
        var coordinator = new MemoryCoordinator();
        await coordinator.CreateAsync("book/partitions", "8"u8.ToArray());
        var host = new TestHost(book => On(book, new MemoryLedgerStore(), coordinator));
        var refused = await Assert.ThrowsAsync<DaybookException>(host.StartAsync);
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("Partitions is 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_is_not_to_stand_by_fails_its_start_and_names_the_folder()
    {
        await using var first = await TestHost.StartAsync(book => book.UseEmbedded(_folder.Path));
        var second = new TestHost(book => book.UseEmbedded(_folder.Path).Configure(options => options.StandBy = false));
        var refused = await Assert.ThrowsAsync<DaybookException>(second.StartAsync);
        Assert.Equal(ErrorCode.AlreadyInUse, refused.Code);
    }

    [Fact]
    public void Second_book_in_one_host_is_refused_with_what_to_do()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddDaybook(book => book.UseMemory().AddHandlers(typeof(JarHandlers)));
        var refused = Assert.Throws<DaybookException>(() => builder.AddDaybook(book => book.UseMemory().AddHandlers(typeof(JarHandlers))));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("AddDaybook", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> IsClosedAsync(IDaybook book)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(50)); // one that is let in waits behind the slow command
        try
        {
            await book.SendAsync(new Put("b", 1), new CommandId(Guid.NewGuid()), cancellationToken: limit.Token);
            return false;
        }
        catch (Exception e) when (e is DaybookException or OperationCanceledException)
        {
            return e is DaybookException { Code: ErrorCode.Closed };
        }
    }

    private static Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus HealthStatus(string name) =>
        Enum.Parse<Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus>(name);

    private static void On(DaybookBuilder book, MemoryLedgerStore ledgers, MemoryCoordinator coordinator) =>
        book.UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(coordinator));

    private static void On(DaybookBuilder book, Outage outage, string absent) => book
        .UseLedgers(async token => await outage.OpenAsync<ILedgerStore>(absent == "ledgers", () => new MemoryLedgerStore(), token))
        .UseCoordinator(async token => await outage.OpenAsync<ICoordinator>(absent == "coordinator", () => new MemoryCoordinator(), token))
        .UseProjectionSink(async token => await outage.OpenAsync<IProjectionSink>(absent == "sink", () => new MemoryProjections(), token));

    /// <summary>A server that is down until that is over, and refuses or swallows every connection meanwhile.</summary>
    private sealed class Outage
    {
        public bool Hangs { get; init; }

        public volatile bool IsOver;

        public async ValueTask<T> OpenAsync<T>(bool isDown, Func<T> open, CancellationToken cancellationToken)
        {
            if (isDown && Hangs)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return isDown && !IsOver ? throw new DaybookException(ErrorCode.Unavailable, "There is no answer from 127.0.0.1.") : open();
        }
    }
}

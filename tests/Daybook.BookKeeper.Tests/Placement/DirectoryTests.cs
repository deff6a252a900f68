using System.Collections.Concurrent;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Tests.Metadata.Real;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.ZooKeeper;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Tests.Placement;

[Collection(RealZooKeeperCollection.Name)]
public sealed class DirectoryTests(RealZooKeeper shared)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Bookies_come_turn_read_only_and_go()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await one.Direct.CreateAsync($"{one.Paths.Available}/127.0.0.1:3181", Recorded.Nodes["/ledgers/available/127.0.0.1:3181"], CreateMode.Ephemeral);
        await using var directory = await OpenAsync(one);
        Assert.Equal(["127.0.0.1:3181"], Names(directory.Writable));
        Assert.Empty(directory.ReadOnly);

        var changed = directory.Changed;
        await RegisterAsync(one, "b2", "host2", 2);
        await changed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["127.0.0.1:3181", "b2"], Names(directory.Writable));
        Assert.Equal(("host2", 2), directory.AddressOf(new BookieId("b2")));
        await RegisterAsync(one, "readonly/b2", "host2", 2);
        await one.Direct.DeleteAsync($"{one.Paths.Available}/b2");
        await Wait.UntilAsync(() => Names(directory.ReadOnly) is ["b2"] && Names(directory.Writable).Length == 1, "b2 was read-only");
        Assert.Equal([("127.0.0.1:3181", false), ("b2", true)], directory.List().Select(info => (info.Id.Value, info.IsReadOnly)));
        await one.Direct.DeleteAsync($"{one.Paths.ReadOnly}/b2");
        await one.Direct.DeleteAsync($"{one.Paths.Available}/127.0.0.1:3181");
        await Wait.UntilAsync(() => directory.List().Count == 0, "all were gone");

        Assert.Equal(("host2", 2), directory.AddressOf(new BookieId("b2")));
        Assert.Equal(("elsewhere", 7), directory.AddressOf(new BookieId("elsewhere:7")));
        Assert.Null(directory.AddressOf(new BookieId("elsewhere")));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Bookie_that_is_in_both_lists_takes_writes_and_one_that_comes_back_elsewhere_has_its_new_address()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await RegisterAsync(one, "b", "old", 1);
        await RegisterAsync(one, "readonly/b", "old", 1);
        await using var directory = await OpenAsync(one);
        Assert.Equal(["b"], Names(directory.Writable));
        Assert.Empty(directory.ReadOnly);
        await one.Direct.DeleteAsync($"{one.Paths.Available}/b");
        await RegisterAsync(one, "b", "new", 2);
        await Wait.UntilAsync(() => directory.AddressOf(new BookieId("b")) == ("new", 2), "the new address was known");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Registration_that_makes_no_sense_is_left_out_and_an_empty_one_is_by_its_name()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        foreach (var (name, value) in new[] { ("bad", "\u0001\u0002"), ("nameless", ""), ("old:3181", "") })
            await one.Direct.CreateAsync($"{one.Paths.Available}/{name}", System.Text.Encoding.UTF8.GetBytes(value), CreateMode.Ephemeral);
        var log = new Lines();
        await using var directory = await BookieDirectory.OpenAsync(one.Sessions, one.Options with { Logging = log }, one.Paths);
        Assert.Equal(["old:3181"], Names(directory.Writable));
        Assert.Equal(["bad", "nameless"], log.Written.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).Select(line => line.Split(' ')[4].Split('/')[^1]));
        Assert.Equal(("old", 3181), directory.AddressOf(new BookieId("old:3181")));
        await one.Direct.SetAsync($"{one.Paths.Available}/bad", new BookieRegistration(new BookieId("bad"), "good", 4).Encode());
        await Wait.UntilAsync(() => Names(directory.Writable) is ["bad", "old:3181"], "it made sense");
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(false), InlineData(true)]
    public async Task Lists_stay_without_a_server_and_are_right_again_afterwards(bool sessionEnds)
    {
        await using var one = await ClusterClient.OpenAsync(shared, session: sessionEnds ? 1 : 10);
        await RegisterAsync(one, "a", "host", 1);
        await RegisterAsync(one, "b", "host", 2);
        await using var directory = await OpenAsync(one);
        var session = await one.Sessions.GetAsync();
        await one.Network.RefuseConnectionsAsync();
        one.Network.CutAll();
        if (sessionEnds)
            await Wait.UntilAsync(() => session.Ended.IsCancellationRequested, "the session was over");
        var changed = directory.Changed;
        await one.Direct.DeleteAsync($"{one.Paths.Available}/a");
        await RegisterAsync(one, "c", "host", 3);
        Assert.Equal(["a", "b"], Names(directory.Writable));
        Assert.False(changed.IsCompleted);
        one.Network.AcceptConnections();
        await Wait.UntilAsync(() => Names(directory.Writable) is ["b", "c"], "the lists were right");
        Assert.True(changed.IsCompleted);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Lists_survive_a_restart_of_the_server()
    {
        await using var own = new RestartedZooKeeper();
        await using var one = await ClusterClient.OpenAsync(own.Shared);
        await RegisterAsync(one, "a", "host", 1);
        await using var directory = await OpenAsync(one);
        var server = await own.Shared.StartedAsync();
        await server.KillAsync();
        Assert.Equal(["a"], Names(directory.Writable));
        await server.RestartAsync();
        await RegisterAsync(one, "b", "host", 2);
        await Wait.UntilAsync(() => Names(directory.Writable) is ["a", "b"], "the new one was there");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Zookeeper_out_of_reach_at_the_start_is_a_typed_error()
    {
        await using var one = await ClusterClient.OpenAsync(shared, timeout: 1);
        one.Network.HoldAll();
        var error = await Assert.ThrowsAsync<BookKeeperException>(() => OpenAsync(one));
        Assert.Equal(BookKeeperError.MetadataUnavailable, error.Error);
        one.Network.ReleaseAll();
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Lists_stay_when_zookeeper_refuses_further_events_and_the_log_reports_it()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await RegisterAsync(one, "a", "host", 1);
        var log = new Lines();
        await using var directory = await BookieDirectory.OpenAsync(one.Sessions, one.Options with { Logging = log }, one.Paths);
        await one.Direct.CreateAsync($"{one.Paths.Available}/b", acl: ClusterClient.ForNobody);
        // A server sends no events to a client that may not read the node; after a lost connection all nodes are read.
        one.Network.CutAll();
        await Wait.UntilAsync(() => log.Written.Any(line => line.StartsWith("Error", StringComparison.Ordinal)), "the log contained it");
        Assert.Equal(["a"], Names(directory.Writable));
    }

    private static string[] Names(IReadOnlyList<BookieRegistration> bookies) => [.. bookies.Select(bookie => bookie.Bookie.Value)];

    private static Task<BookieDirectory> OpenAsync(ClusterClient one) => BookieDirectory.OpenAsync(one.Sessions, one.Options, one.Paths);

    private static Task<CreatedNode> RegisterAsync(ClusterClient one, string name, string host, int port) => one.Direct.CreateAsync(
        $"{one.Paths.Available}/{name}", new BookieRegistration(new BookieId(name), host, port).Encode(), CreateMode.Ephemeral);

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{logLevel} {formatter(state, exception)}");

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class RestartedZooKeeper : IAsyncDisposable
    {
        public RealZooKeeper Shared { get; } = new();

        public async ValueTask DisposeAsync() => await Shared.DisposeAsync();
    }
}

using Daybook.Postgres.CommandLine;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>A node that projects feeds of a test into a database, with its supervisor, and the commands of an operator beside it.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly string _database;
    private IAsyncDisposable? _supervisor;

    private Node(string database, Func<PostgresProjections, IProjectionWriter> writer, Func<PostgresProjectionOptions, PostgresProjectionOptions>? with)
    {
        _database = database;
        var options = new PostgresProjectionOptions { ConnectionString = database };
        Sink = new PostgresProjections(with is null ? options : with(options));
        Host = new ProjectionHost(
            [writer(Sink)], MemoryEventFeed.Decoder, new ProjectionOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(5), BatchRecords = 20, CatchUpRecords = 20 },
            TimeProvider.System, new Random(1));
    }

    internal PostgresProjections Sink { get; }

    internal ProjectionHost Host { get; }

    internal static async Task<Node> StartAsync(
        string database, IEnumerable<IEventFeed> feeds, Func<PostgresProjections, IProjectionWriter>? writer = null,
        Func<PostgresProjectionOptions, PostgresProjectionOptions>? with = null)
    {
        var node = new Node(database, writer ?? (sink => sink.Writer(new CountingProjection())), with);
        node._supervisor = await node.Sink.SuperviseAsync(node.Host, TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var feed in feeds)
            await node.Host.AttachAsync(feed);
        return node;
    }

    /// <summary>Gives a command that must succeed.</summary>
    /// <returns>What it wrote.</returns>
    internal static async Task<string> DoAsync(string database, string command)
    {
        var (code, output, error) = await TryAsync(database, command);
        Assert.True(code == 0, $"projections {command} ended with {code}: {error}{output}");
        return output;
    }

    /// <summary>Gives a command.</summary>
    internal static async Task<(int Code, string Output, string Error)> TryAsync(string database, string command, string schema = "daybook")
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var options = new PostgresProjectionOptions { ConnectionString = database, Schema = schema };
        var code = await ProjectionCommands.RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), options, output, error, cancellationToken: limit.Token);
        return (code, output.ToString(), error.ToString());
    }

    internal Task<string> DoAsync(string command) => DoAsync(_database, command);

    internal async Task AppliedAsync(Position position, string projection = "tally") =>
        await Host.WaitForAsync(projection, position, new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

    /// <summary>Waits until everything that stands in the feeds is shown.</summary>
    internal async Task LevelAsync(params MemoryEventFeed[] feeds)
    {
        foreach (var feed in feeds)
            await AppliedAsync(new Position(feed.Partition, feed.Head.Plus(-1)));
    }

    /// <summary>Waits until a build does something on partition 0.</summary>
    internal Task BecomesAsync(int build, ProjectionState state) =>
        Wait.UntilAsync(() => Host.Status.Any(s => s.Build == build && s.State == state), $"build {build} became {state}");

    public async ValueTask DisposeAsync()
    {
        if (_supervisor is not null)
            await _supervisor.DisposeAsync();
        await Host.DisposeAsync();
        await Sink.DisposeAsync();
    }
}

using Daybook.Postgres;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Daybook.Servers.Processes;

namespace Daybook.Cli.Tests;

[EventType("counted.v1")]
public sealed record Counted(long Amount);

[Aggregate("counter")]
public sealed record Counter(long Sum)
{
    public static Counter Create(Counted e) => new(e.Amount);

    public Counter Apply(Counted e) => new(Sum + e.Amount);
}

public sealed record Count(string Counter, long Amount);

public static class CountHandlers
{
    public static Decision Handle(Count c, Counter? counter) =>
        counter?.Sum > 1_000_000 ? Decision.Reject("full") : Decision.Emit(new Counted(c.Amount));
}

public sealed record CounterTotal(long Sum);

[Projection("totals")]
public sealed class CounterTotals : IDocumentProjection<CounterTotal>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value];

    public CounterTotal? Apply(string key, CounterTotal? document, ProjectedEvent projected) =>
        new((document?.Sum ?? 0) + ((Counted)projected.Body).Amount);
}

public sealed class DaybookToolTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Projection_is_rebuilt_and_verified_from_outside_of_the_book()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var book = await new DaybookBuilder().UseMemory().AddHandlersFrom<Count>().AddProjection<CounterTotals, CounterTotal>()
            .UsePostgresProjections(server.ConnectionString, options => options with { Schema = "counting" }).OpenAsync();
        for (var i = 0; i < 100; i++)
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Count($"c{i % 7}", i), new CommandId(Guid.NewGuid())));

        var rebuilt = await ToolAsync("projections", "rebuild", "totals", "--postgres", server.ConnectionString, "--schema", "counting");
        Assert.True(rebuilt.ExitCode == 0, rebuilt.Output);
        var status = await ToolAsync("projections", "status", "--postgres", server.ConnectionString, "--schema", "counting");
        Assert.Contains("totals v1 build 2: shown", status.Output, StringComparison.Ordinal);
        var verified = await ToolAsync("projections", "verify", "totals", "--postgres", server.ConnectionString, "--schema", "counting");
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Equal(Enumerable.Range(0, 100).Sum(), await book.ReadModel<CounterTotal>().QueryAsync().Select(row => row.Value.Sum).SumAsync());
    }

    [Theory]
    [InlineData("frobnicate", "unknown command 'frobnicate'")]
    [InlineData("projections status", "name the database of the read models")]
    [InlineData("projections status --postgres", "need a value")]
    [InlineData("projections frobnicate --postgres Host=127.0.0.1", "The command 'projections frobnicate' is unknown")]
    [InlineData("projections status --postgres Host=127.0.0.1 --schema 1x", "Schema")]
    public async Task What_cannot_be_followed_is_named(string line, string message)
    {
        var (code, _, error) = await RunAsync(line.Split(' '), _ => null);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_names_every_command()
    {
        var (code, output, _) = await RunAsync([], _ => null);
        Assert.Equal(0, code);
        string[] verbs = ["status", "rebuild", "switch", "back", "drop", "verify", "skip", "retry", "unpark"];
        Assert.All(verbs, verb => Assert.Contains($"projections {verb}", output, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args, Func<string, string?> variable)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DaybookTool.RunAsync(args, variable, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static Task<ToolRun> ToolAsync(params string[] args) =>
        Tool.RunAsync("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Daybook.Cli.dll"), .. args]);
}

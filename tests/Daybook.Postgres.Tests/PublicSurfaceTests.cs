using System.Linq.Expressions;
using Daybook.Postgres.CommandLine;
using Daybook.Postgres.Queries;
using Daybook.Postgres.Raw;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.Postgres.Tests;

/// <summary>Every public member of the assembly with null, default, extreme and disposed arguments: an error of Daybook or of the argument, or none.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class PublicSurfaceTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Members_answer_odd_arguments_with_errors_that_name_them()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var (sink, closed) = (sinks.Open(database), sinks.Open(database));
        await closed.DisposeAsync();
        var writer = sink.Writer(new CountingProjection());
        await writer.StartAsync(default, new Epoch(1));
        var model = sink.ReadModel(new CountingProjection());
        foreach (var (what, call) in Calls(sink, writer, model).Concat(Calls(closed, closed.Writer(new CountingProjection()), closed.ReadModel(new CountingProjection()))))
            await AssertSpeaksAsync(what, call);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => closed.ReadModel(new CountingProjection()).GetAsync("a").AsTask())).Code);
    }

    [Theory]
    [InlineData("status", null)]
    [InlineData("status", "a\0b")]
    [InlineData("drop", "a\ud83d", "--build", "1")]
    [InlineData("drop", "tally", "--build", "99999999999")]
    [InlineData("skip", "tally", "9999999999@1")]
    [InlineData("skip", "tally", "@")]
    [InlineData("retry", "tally", "-1")]
    [InlineData("verify", "tally", "--sample", "%")]
    [InlineData("", "")]
    [InlineData("rebuild", null)]
    public async Task Commands_answer_odd_words_with_their_exit_code_and_a_message(params string?[] words)
    {
        var error = new StringWriter();
        var options = new PostgresProjectionOptions { ConnectionString = "Host=127.0.0.1;Port=1;Timeout=1" };
        Assert.Equal(2, await ProjectionCommands.RunAsync(words!, options, TextWriter.Null, error));
        Assert.NotEmpty(error.ToString());
    }

    private static IEnumerable<(string What, Func<Task> Call)> Calls(PostgresProjections sink, IProjectionWriter writer, IReadModel<Tally> model)
    {
        (string, Func<Task>) Does(string what, Action call) => (what, () => Task.Run(call));
        var query = new Lazy<PostgresQuery<Tally>>(() => model.InPostgres());
        yield return Does("ctor null", () => _ = new PostgresProjections(null!));
        yield return Does("ctor no string", () => _ = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = null! }));
        yield return Does("ctor no json", () => _ = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = "Host=a", Json = null! }));
        yield return Does("ctor share", () => _ = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = "Host=a", RebuildShare = double.NaN }));
        yield return Does("writer null", () => sink.Writer((IRawProjection)null!));
        yield return Does("writer null table", () => sink.Writer((ITableProjection<Row>)null!));
        yield return Does("writer null document", () => sink.Writer((IDocumentProjection<Tally>)null!));
        yield return Does("read model null", () => sink.ReadModel((IDocumentProjection<Tally>)null!));
        yield return Does("checkpoints null", () => sink.Checkpoints(null!));
        yield return Does("view of none", () => sink.ViewOf(default));
        yield return Does("view of extremes", () => sink.ViewOf(new ProjectionId(new string('x', 500), int.MinValue)));
        yield return ("supervise null", () => sink.SuperviseAsync(null!, TimeProvider.System, NullLoggerFactory.Instance).AsTask());
        yield return ("open", () => sink.OpenAsync().AsTask());
        yield return ("open cancelled", () => sink.OpenAsync(new CancellationToken(true)).AsTask());
        yield return Does("extension null", () => PostgresBuilderExtensions.UsePostgresProjections<DaybookBuilder>(null!, "Host=a"));
        yield return ("options null", () => new DaybookBuilder().UseMemory().UsePostgresProjections("Host=a", _ => null!).OpenAsync().AsTask());
        yield return ("string null", () => new DaybookBuilder().UseMemory().UsePostgresProjections(null!).OpenAsync().AsTask());
        yield return Does("table null", () => PostgresBuilderExtensions.AddTableProjection<Rows, Row>(null!));
        yield return Does("raw null", () => PostgresBuilderExtensions.AddRawProjection<IRawProjection>(null!));
        yield return ("apply null", () => writer.ApplyAsync(null!).AsTask());
        yield return ("apply no events", () => writer.ApplyAsync(new ProjectionBatch(default, new Epoch(1), default, default, null!)).AsTask());
        yield return ("apply nothing", () => writer.ApplyAsync(new ProjectionBatch(default, new Epoch(1), default, default, [])).AsTask());
        yield return ("start extremes", () => writer.StartAsync(new PartitionId(int.MaxValue), new Epoch(long.MaxValue)).AsTask());
        yield return ("caught up without an owner", () => writer.CaughtUpAsync(new PartitionId(77), default).AsTask());
        yield return ("skip null", () => sink.Checkpoints("a").SkipAsync(null!).AsTask());
        yield return ("flush", () => writer.FlushAsync().AsTask());
        yield return ("get null", () => model.GetAsync(null!).AsTask());
        yield return ("get odd", () => model.GetAsync("\ud83d").AsTask());
        yield return ("query", () => model.QueryAsync(limit: int.MinValue).ToListAsync().AsTask());
        yield return ("query odd", () => model.QueryAsync("\0", limit: int.MaxValue).ToListAsync().AsTask());
        yield return Does("in postgres null", () => PostgresQueryExtensions.InPostgres<Tally>(null!));
        yield return Does("where null", () => query.Value.Where((Expression<Func<Tally, long>>)null!, Comparison.Equal, 1));
        yield return Does("where null sql", () => query.Value.Where(null!));
        yield return Does("where no property", () => query.Value.Where(t => 1, Comparison.Equal, 1));
        yield return Does("where method", () => query.Value.Where(t => t.Note!.Length, Comparison.Equal, 1));
        yield return Does("where comparison", () => query.Value.Where(t => t.Sum, (Comparison)(-1), 1m));
        yield return Does("order null", () => query.Value.OrderBy((Expression<Func<Tally, long>>)null!));
        yield return ("take", () => query.Value.Take(int.MinValue).ToListAsync().AsTask());
        yield return ("widened", () => query.Value.Where(t => (object)t.Count, Comparison.Equal, "x").ToListAsync().AsTask());
        yield return ("syntax", () => query.Value.Where($"){1}").ToListAsync().AsTask());
        yield return ("syntax count", () => query.Value.Where($"1 / 0 = {1}").CountAsync().AsTask());
        yield return ("commands null", () => ProjectionCommands.RunAsync(null!, null!, null!, null!));
        yield return ("commands options", () => ProjectionCommands.RunAsync([], new PostgresProjectionOptions { ConnectionString = null! }, TextWriter.Null, TextWriter.Null));
    }

    private static async Task AssertSpeaksAsync(string what, Func<Task> call)
    {
        try
        {
            await call().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (Exception error) when (error is DaybookException or ArgumentException or OperationCanceledException)
        {
            Assert.False(error.Message.Contains("Object reference", StringComparison.Ordinal), what);
        }
        catch (Exception error)
        {
            Assert.Fail($"{what}: {error}");
        }
    }

    public sealed record Row([property: System.ComponentModel.DataAnnotations.Key] string Key);

    [Projection("surface")]
    public sealed class Rows : ITableProjection<Row>
    {
        public IEnumerable<RowChange<Row>> ChangesOf(ProjectedEvent projected) => [];
    }
}

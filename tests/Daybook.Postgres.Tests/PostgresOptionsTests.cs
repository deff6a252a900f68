using Daybook.Postgres.Tests.Support;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Postgres.Tests;

[Collection(SharedPostgresCollection.Name)]
public sealed class PostgresOptionsTests(SharedPostgres postgres)
{
    [Fact]
    public void Password_is_neither_in_the_text_of_the_options_nor_in_errors_about_them()
    {
        var options = new PostgresProjectionOptions { ConnectionString = "Host=db;Username=u;Password=s3cret", Schema = "shop" };
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
        Assert.Contains("Schema = shop", options.ToString(), StringComparison.Ordinal);
        foreach (var bad in new[]
        {
            "Host=db;Password=a;s3cret", "Host=db;Password=a;s3cret=1", "Host=db;Passwort=s3cret", "postgres://u:s3cret@db/shop", "Host=db;pwd=a;Port=s3cret",
            "Password=s3cret", "Host=db;Password=s3cret;Maximum Pool Size=1", "Host=db;Password=s3cret;Maximum Pool Size=2;Minimum Pool Size=3",
        })
        {
            var refused = Assert.Throws<DaybookException>(() => new PostgresProjections(options with { ConnectionString = bad }));
            Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
            Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Pool_that_is_too_small_is_refused_with_the_size_needed_and_one_of_that_size_projects()
    {
        var database = await postgres.DatabaseAsync();
        var builder = new DaybookBuilder().UseMemory();
        builder.UsePostgresProjections($"{database};Maximum Pool Size=1");
        var refused = await Assert.ThrowsAsync<DaybookException>(() => builder.OpenAsync().AsTask());
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("Maximum Pool Size=1; at least 2", refused.Message, StringComparison.Ordinal);

        var feeds = Enumerable.Range(0, 4).Select(p => new MemoryEventFeed(new PartitionId(p))).ToArray();
        foreach (var feed in feeds)
            feed.Append("s", new Added(1, "a"));
        var small = $"{database};Maximum Pool Size={PostgresProjectionOptions.MinPoolSize}";
        await using var node = await Builds.Node.StartAsync(small, feeds);
        await Wait.UntilAsync(() => node.Host.Status.Count(s => s.Checkpoint.Value == 1) == 4, "every partition was projected");
        Assert.Contains("matches its events", await Builds.Node.DoAsync(small, "verify tally"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Shop")]
    [InlineData("my-shop")]
    [InlineData("shop.book")]
    [InlineData("pg_shop")]
    [InlineData("a\0b")]
    [InlineData("a\"b")]
    [InlineData(null)]
    public void Schema_that_is_no_name_is_refused(string? schema) =>
        Assert.Throws<DaybookException>(() => new PostgresProjectionOptions { ConnectionString = "Host=db", Schema = schema! }.Validate());
}

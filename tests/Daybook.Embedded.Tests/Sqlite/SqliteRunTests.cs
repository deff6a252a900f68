using Daybook.Projections;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Daybook.Testing.Time;

namespace Daybook.Embedded.Tests.Sqlite;

/// <summary>The runner on the real sink.</summary>
public sealed class SqliteRunTests
{
    [Fact]
    public async Task F8_many_partitions_stopped_and_attached_again_leave_the_fold_of_all_events()
    {
        await using var books = new SqliteBooks();
        await using var host = Host(books);
        var feeds = Enumerable.Range(0, 8).Select(p => new MemoryEventFeed(new PartitionId(p))).ToList();
        var last = new Position[8];
        for (var round = 0; round < 10; round++)
        {
            foreach (var feed in feeds)
            {
                await host.AttachAsync(feed);
                for (var i = 0; i < 20; i++)
                    last[feed.Partition.Value] = feed.Append("s", new Added(1, "all", "of" + feed.Partition));
            }
        }
        foreach (var position in last)
            await host.WaitForAsync("tally", position, Limit);

        Assert.Equal(new Tally(1600, 1600), await books.Model.GetAsync("all"));
        Assert.Equal(new Tally(200, 200), await books.Model.GetAsync("of5"));
    }

    [Fact]
    public async Task J8_a_document_that_cannot_be_written_parks_at_the_event_that_made_it_so()
    {
        await using var books = new SqliteBooks();
        await using var host = new ProjectionHost([books.Sink.Writer(new Ratios())], MemoryEventFeed.Decoder, null, new ManualTime(), new Random(1));
        var feed = new MemoryEventFeed(default);
        feed.Append("s", new Added(4, "a"));
        var poison = feed.Append("s", new Added(0, "a"));
        feed.Append("s", new Added(2, "b"));
        await host.AttachAsync(feed);

        await Assert.ThrowsAsync<DaybookException>(async () => await host.WaitForAsync("ratios", poison, Limit));

        Assert.Equal(poison, host.Status.Single().ParkedAt?.Position);
        Assert.Equal(new Ratio(0.25), await books.Sink.ReadModel(new Ratios()).GetAsync("a"));
    }

    [Fact]
    public async Task A_disk_error_is_shown_and_the_projection_goes_on_when_it_is_over()
    {
        await using var books = new SqliteBooks();
        var time = new ManualTime();
        await using var host = new ProjectionHost([books.Writer], MemoryEventFeed.Decoder, null, time, new Random(1));
        await books.Writer.StartAsync(default, new Epoch(1));
        books.Sql("CREATE TRIGGER broken BEFORE INSERT ON projection_tally_v1 BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        var feed = new MemoryEventFeed(default);
        var position = feed.Append("s", new Added(4, "a"));
        await host.AttachAsync(feed);

        var pause = await time.NextTimerAsync(Limit);
        var status = host.Status.Single();
        books.Sql("DROP TRIGGER broken");
        time.Advance(pause);
        await host.WaitForAsync("tally", position, Limit);

        Assert.Equal((ProjectionState.Retrying, ErrorCode.StoreFailed, 1), (status.State, status.Code, status.FailedAttempts));
        Assert.Contains("disk full", status.Error, StringComparison.Ordinal);
        Assert.Equal(new Tally(4, 1), await books.Model.GetAsync("a"));
        await Wait.UntilAsync(() => host.Status.Single().State == ProjectionState.Running, "the projection was running");
    }

    private static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private static ProjectionHost Host(SqliteBooks books) => new([books.Writer], MemoryEventFeed.Decoder, null, TimeProvider.System, new Random(1));

    private sealed record Ratio(double Value);

    [Projection("ratios")]
    private sealed class Ratios : IDocumentProjection<Ratio>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ((Added)projected.Body).Keys;

        public Ratio? Apply(string key, Ratio? document, ProjectedEvent projected) => new(1 / (double)((Added)projected.Body).Amount);
    }
}

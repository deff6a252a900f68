using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Sqlite;

public sealed class SqliteVersionTests
{
    [Fact]
    public async Task The_older_version_is_dropped_when_the_newer_has_caught_up_on_every_partition_of_the_older()
    {
        await using var books = new SqliteBooks();
        var newer = books.Sink.Writer(new CountingProjection2());
        var batch = SqliteBooks.Batch(0, new Added(1, "a"));
        for (var p = 0; p < 2; p++)
        {
            await books.Writer.StartAsync(new PartitionId(p), new Epoch(1));
            await books.Writer.ApplyAsync(batch with { Partition = new PartitionId(p) });
            await newer.StartAsync(new PartitionId(p), new Epoch(2));
            await newer.ApplyAsync(batch with { Partition = new PartitionId(p), Epoch = new Epoch(2) });
        }

        await newer.CaughtUpAsync(new PartitionId(1), new Epoch(2));
        Assert.Equal("daybook_checkpoints daybook_contents daybook_skips projection_tally_v1 projection_tally_v2", books.Tables());
        await newer.CaughtUpAsync(new PartitionId(0), new Epoch(2));

        Assert.Equal("daybook_checkpoints daybook_contents daybook_skips projection_tally_v2", books.Tables());
        Assert.Equal("2 2", books.Query("SELECT version FROM daybook_checkpoints"));
        Assert.Equal(new Tally(4, 2), await books.Sink.ReadModel(new CountingProjection2()).GetAsync("a"));
    }

    [Fact]
    public async Task F2_the_dropped_version_stops_and_starts_from_the_first_event_when_it_is_wanted_again()
    {
        await using var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a")));
        var newer = books.Sink.Writer(new CountingProjection2());
        await newer.StartAsync(default, new Epoch(1));
        await newer.CaughtUpAsync(default, new Epoch(1));

        var error = await Assert.ThrowsAsync<DaybookException>(async () => await books.Writer.ApplyAsync(SqliteBooks.Batch(1, new Added(1, "a"))));

        Assert.Equal(ErrorCode.StaleEpoch, error.Code);
        Assert.Equal(default, await books.Writer.StartAsync(default, new Epoch(1)));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a")));
        Assert.Equal(new Tally(1, 1), await books.Model.GetAsync("a"));
    }
}

using Daybook.Postgres.Tests.Builds;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Daybook.Postgres.Tests.Books;

/// <summary>A checkpoint belongs to a book: read models of another one are refused, not gone on with.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class OtherBookTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_read_model_of_a_book_whose_folder_was_deleted_is_refused_at_every_start_until_it_is_removed()
    {
        var database = await postgres.DatabaseAsync();
        await using (var first = await TalkBook.OpenAsync(_folder["data"], database))
            for (var i = 0; i < 5; i++)
                await first.HeardAsync(await first.SpeakAsync($"old{i}"));
        var old = await Sql.QueryAsync(database, "select distinct book from daybook.checkpoints");
        Directory.Delete(_folder["data"], true);

        for (var start = 0; start < 3; start++)
        {
            await using var second = await TalkBook.OpenAsync(_folder["data"], database);
            for (var i = 0; i < 10; i++)
                await second.SpeakAsync($"new{i}");
            await RefusedAsync(second, old);
        }
        Assert.Equal("0", await Sql.QueryAsync(database, "select count(*) from daybook.projection_heard where key like 'talk/new%'"));

        await Sql.ExecuteAsync(database, "drop schema daybook cascade");
        await using var third = await TalkBook.OpenAsync(_folder["data"], database);
        await third.HeardAsync(await third.SpeakAsync("new0"));
        await Wait.UntilAsync(async () => (await third.Model.GetAsync("all"))?.Count == 34, "everything was folded again");
        Assert.Null(await third.Model.GetAsync("talk/old0"));
        Assert.Equal(HealthStatus.Healthy, (await third.HealthAsync()).Status);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_read_model_ahead_of_a_restored_journal_is_refused_also_once_the_journal_has_grown_past_it()
    {
        var database = await postgres.DatabaseAsync();
        await SpeakAsync(database, 10);
        TemporaryFolder.Replace(_folder["backup"], _folder["data"]);
        await SpeakAsync(database, 10);
        TemporaryFolder.Replace(_folder["data"], _folder["backup"]);
        var before = await Sql.QueryAsync(database, "select document->>'Count' from daybook.projection_heard where key = 'all'");

        await using (var restored = await TalkBook.OpenAsync(_folder["data"], database))
        {
            await Wait.UntilAsync(() => restored.Projections.Status is { Count: 2 } s && s.Any(p => p.State == ProjectionState.Parked), "the loss was noticed");
            for (var i = 0; i < 40; i++)
                await restored.SpeakAsync($"new{i}");
            var parked = restored.Projections.Status.First(p => p.State == ProjectionState.Parked);
            restored.Projections.Retry("heard", parked.Partition);
            await Wait.UntilAsync(() => restored.Projections.Status.Any(p => p.Code == ErrorCode.OtherBook), "the retry was refused");
        }
        await using var again = await TalkBook.OpenAsync(_folder["data"], database);
        await Wait.UntilAsync(() => again.Projections.Status is { Count: 2 } s && s.All(p => p.Code == ErrorCode.OtherBook), "both partitions were refused");
        Assert.Contains("that this book's journal has lost", again.Projections.Status[0].Error, StringComparison.Ordinal);
        Assert.Equal(before, await Sql.QueryAsync(database, "select document->>'Count' from daybook.projection_heard where key = 'all'"));
    }

    private async Task SpeakAsync(string database, int times)
    {
        await using var book = await TalkBook.OpenAsync(_folder["data"], database);
        for (var i = 0; i < times; i++)
            await book.HeardAsync(await book.SpeakAsync($"talk{i}"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_second_book_on_one_schema_is_refused_and_the_first_goes_on()
    {
        var database = await postgres.DatabaseAsync();
        await using var first = await TalkBook.OpenAsync(_folder["a"], database);
        await first.HeardAsync(await first.SpeakAsync("a"));
        await using var second = await TalkBook.OpenAsync(_folder["b"], database);
        await second.SpeakAsync("b");

        await RefusedAsync(second, await Sql.QueryAsync(database, "select distinct book from daybook.checkpoints"));
        var status = "";
        await Wait.UntilAsync(async () => (status = await Node.DoAsync(database, "status")).Contains("Running", StringComparison.Ordinal), "the first book was shown");
        await first.HeardAsync(await first.SpeakAsync("a"));

        Assert.Equal("2", await Sql.QueryAsync(database, "select document->>'Count' from daybook.projection_heard where key = 'all'"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_checkpoints_of_before_adopt_the_book_that_starts_first_on_whichever_partition()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var (unbound, mine, other) = (sinks.Open(database), sinks.Open(database), sinks.Open(database));
        mine.Bind(new Guid(1, 0, 0, new byte[8]));
        other.Bind(new Guid(2, 0, 0, new byte[8]));
        await unbound.Writer(new CountingProjection()).StartAsync(default, new Epoch(1));
        await unbound.Checkpoints("reaction:mail").StartAsync(default, new Epoch(1), default);

        await mine.Writer(new CountingProjection()).StartAsync(default, new Epoch(2));
        await mine.Checkpoints("reaction:mail").StartAsync(default, new Epoch(2), default);

        foreach (var start in new Func<Task>[]
        {
            () => other.Writer(new CountingProjection()).StartAsync(new PartitionId(5), new Epoch(9)).AsTask(),
            () => other.Checkpoints("reaction:mail").StartAsync(default, new Epoch(9), default).AsTask(),
        })
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(start);
            Assert.Equal((ErrorCode.OtherBook, false), (refused.Code, refused.IsTransient));
        }
        await other.Writer(new CountingProjection2()).StartAsync(default, new Epoch(1));
        Assert.Equal("1 1 2", await Sql.QueryAsync(database, "select ltrim(left(book, 8), '0') from daybook.checkpoints order by 1"));
    }

    private static async Task RefusedAsync(TalkBook book, string other)
    {
        await Wait.UntilAsync(() => book.Projections.Status is { Count: 2 } s && s.All(p => p.State == ProjectionState.Stopped), "both partitions were refused");
        var status = book.Projections.Status[0];
        Assert.Equal(ErrorCode.OtherBook, status.Code);
        Assert.Contains($"was folded from book {other}, but this is book ", status.Error, StringComparison.Ordinal);
        Assert.Contains("drop schema daybook cascade", status.Error, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, (await book.HealthAsync()).Status);
        var position = await book.SpeakAsync("new");
        var halted = await Assert.ThrowsAsync<DaybookException>(() => book.HeardAsync(position));
        Assert.Equal(ErrorCode.OtherBook, halted.Code);
    }
}

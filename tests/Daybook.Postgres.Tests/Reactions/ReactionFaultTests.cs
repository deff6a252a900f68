using Daybook.Postgres.Tests.Builds;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;

namespace Daybook.Postgres.Tests.Reactions;

[Collection(SharedPostgresCollection.Name)]
public sealed class ReactionFaultTests(SharedPostgres postgres)
{
    private static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [SkippableFact(typeof(MissingToolException))]
    public async Task J5_through_kills_of_the_server_and_restarts_of_the_book_each_event_is_reacted_to_in_order_and_again_only_with_its_id()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        await using var boxes = new Boxes(server.ConnectionString);
        await boxes.ReopenAsync();
        var last = new Dictionary<PartitionId, Position>();
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                if (i == 50 && round % 2 == 0)
                    await server.KillAsync();
                var position = await boxes.PutAsync((round * 100) + i);
                last[position.Partition] = position;
            }
            if (!server.IsRunning)
                await server.RestartAsync();
            if (round % 2 == 1)
                await boxes.ReopenAsync();
        }
        foreach (var position in last.Values)
            await boxes.Book.Projections.WaitForAsync("reaction:mail", position, Limit);

        var sent = Boxes.Mail.Sent.ToArray();
        Assert.Equal(Enumerable.Range(0, 600), sent.Select(s => s.Number).Distinct().Order());
        Assert.All(sent.GroupBy(s => s.Number), again => Assert.Single(again.Select(s => s.Id).Distinct()));
        Assert.Equal(600, sent.Select(s => s.Id).Distinct().Count());
        foreach (var partition in sent.GroupBy(s => s.Position.Partition))
        {
            var first = partition.DistinctBy(s => s.Number).Select(s => s.Position.Offset).ToList();
            Assert.Equal(first.Order(), first);
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_book_that_is_opened_again_reacts_to_nothing_twice()
    {
        await using var boxes = new Boxes(await postgres.DatabaseAsync());
        await boxes.ReopenAsync();
        var before = await boxes.PutAsync(1);
        await boxes.Book.Projections.WaitForAsync("reaction:mail", before, Limit);
        await boxes.ReopenAsync();
        await boxes.Book.Projections.WaitForAsync("reaction:mail", await boxes.PutAsync(2), Limit);
        Assert.Equal([1, 2], Boxes.Mail.Sent.Select(s => s.Number));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task J8_a_parked_reaction_is_seen_retried_and_skipped_from_outside_and_is_never_rebuilt()
    {
        var database = await postgres.DatabaseAsync();
        await using var boxes = new Boxes(database);
        await boxes.ReopenAsync();
        Boxes.Mail.IsPoison = true;
        var poison = await boxes.PutAsync(1);
        var next = await boxes.PutAsync(8); // of the same box

        var status = "";
        await Wait.UntilAsync(async () => (status = await Node.DoAsync(database, "status reaction:mail")).Contains("Parked", StringComparison.Ordinal), "it was seen parked");
        Assert.Contains("no such address", status, StringComparison.Ordinal);
        Assert.Contains($"projections skip reaction:mail {poison}", status, StringComparison.Ordinal);
        Assert.Equal(status, await Node.DoAsync(database, "status"));
        Boxes.Mail.IsPoison = false;
        await Node.DoAsync(database, $"skip reaction:mail {poison}");
        await boxes.Book.Projections.WaitForAsync("reaction:mail", next, Limit);
        Assert.Equal([8], Boxes.Mail.Sent.Select(s => s.Number));

        foreach (var command in new[] { "rebuild", "verify", "drop" })
        {
            var (code, output, error) = await Node.TryAsync(database, $"{command} reaction:mail{(command == "drop" ? " 1" : "")}");
            Assert.True(code != 0, $"{command}: {output}{error}");
        }
        Assert.Equal([8], Boxes.Mail.Sent.Select(s => s.Number));
        Assert.Equal(ProjectionState.Running, boxes.Book.Projections.Status.First(s => s.Partition == next.Partition).State);
    }
}

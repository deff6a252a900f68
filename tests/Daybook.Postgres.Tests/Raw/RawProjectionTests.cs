using Daybook.Postgres.Raw;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Npgsql;

namespace Daybook.Postgres.Tests.Raw;

[Collection(SharedPostgresCollection.Name)]
public sealed class RawProjectionTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_statements_are_committed_with_the_checkpoint_or_not_at_all()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writer = sinks.Open(database).Writer(new Lines());
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0, "a", "b"));
        await writer.ApplyAsync(Batches.Of(0, "a", "b")); // comes again
        await writer.ApplyAsync(Batches.Of(1, "b", "c")); // comes again in part

        var poison = await Assert.ThrowsAsync<PoisonEventException>(() => writer.ApplyAsync(Batches.Of(3, "d", "bad sql", "e")).AsTask());
        Assert.Equal(new JournalOffset(4), poison.Recorded.Position.Offset);
        poison = await Assert.ThrowsAsync<PoisonEventException>(() => writer.ApplyAsync(Batches.Of(3, "d", "e", "throw")).AsTask());
        Assert.Equal(new JournalOffset(5), poison.Recorded.Position.Offset);
        await writer.StartAsync(default, new Epoch(2));
        var stale = await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(3, "late")).AsTask());

        Assert.Equal(ErrorCode.StaleEpoch, stale.Code);
        Assert.Equal("a b c", await Sql.QueryAsync(database, "select line from daybook.lines order by n"));
        Assert.Equal(new JournalOffset(3), await writer.StartAsync(default, new Epoch(2)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Book_refuses_rows_where_read_models_are_kept_elsewhere_and_runs_them_in_postgres()
    {
        var builder = new DaybookBuilder().UseMemory();
        builder.AddRawProjection<Lines>();
        var refused = await Assert.ThrowsAsync<DaybookException>(() => builder.OpenAsync().AsTask());
        Assert.Contains("UsePostgresProjections", refused.Message, StringComparison.Ordinal);

        var database = await postgres.DatabaseAsync();
        await using var book = await builder.UsePostgresProjections(database, o => o with { Schema = "book" }).OpenAsync();
        await Daybook.Servers.Wait.UntilAsync(() => book.Projections.Status.All(s => s.State == ProjectionState.Running), "the projections ran");

        Assert.Equal("lines", await Sql.QueryAsync(database, "select distinct projection from book.checkpoints"));
    }

    [Projection("lines")]
    public sealed class Lines : IRawProjection
    {
        public async ValueTask CreateAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken = default)
        {
            await using var command = new NpgsqlCommand($"create table {schema}.lines (n bigint generated always as identity, line text)", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public async ValueTask ApplyAsync(NpgsqlConnection connection, string schema, ProjectionBatch batch, CancellationToken cancellationToken = default)
        {
            foreach (var line in batch.Events.Select(e => (string)e.Body))
            {
                if (line == "throw")
                    throw new InvalidOperationException("thrown by the projection");
                var sql = line == "bad sql" ? "select 1 / 0" : $"insert into {schema}.lines (line) values ('{line}')";
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}

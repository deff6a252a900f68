using Daybook.Benchmarks.Scenarios;
using Npgsql;

namespace Daybook.Benchmarks.Peers;

/// <summary>The same work straight in Postgres: a table of streams with their versions, a table of events, one durable commit for each request.</summary>
internal sealed class PostgresPeer : IAsyncDisposable
{
    private const int Connections = 64;

    private const string Schema = """
        create table streams (id text primary key, version bigint not null, balance bigint not null default 0);
        create table events (position bigint generated always as identity, stream text not null, version bigint not null, type text not null, data bytea not null,
            primary key (stream, version));
        """;

    private const string Append = """
        with stream as (
            insert into streams (id, version) values ($1, 1) on conflict (id) do update set version = streams.version + 1 returning version)
        insert into events (stream, version, type, data) select $1, version, 'bench.bytes.v1', $2 from stream
        """;

    private const string Transfer = """
        with locked as (select id from streams where id in ($1, $2) order by id for update),
            changed as (
                update streams set version = version + 1, balance = balance + case when id = $1 then -$3 else $3 end
                where id in (select id from locked) and (select balance from streams where id = $1) >= $3 returning id, version)
        insert into events (stream, version, type, data) select id, version, 'bench.changed.v1', $4 from changed
        """;

    private readonly NpgsqlDataSource _source;

    private PostgresPeer(NpgsqlDataSource source) => _source = source;

    public static async Task<PostgresPeer> PrepareAsync(string connectionString, int accounts)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = Connections, MaxAutoPrepare = 10, AutoPrepareMinUsages = 1, Timeout = 60 };
        var peer = new PostgresPeer(NpgsqlDataSource.Create(builder.ConnectionString));
        await using var create = peer._source.CreateCommand(Schema);
        await create.ExecuteNonQueryAsync();
        await using var open = peer._source.CreateCommand("insert into streams select 'account-' || lpad(n::text, 6, '0'), 1, 1000000000 from generate_series(0, $1) n");
        open.Parameters.Add(new NpgsqlParameter { Value = accounts - 1 });
        await open.ExecuteNonQueryAsync();
        return peer;
    }

    /// <summary>One append of one event, to each stream in turn.</summary>
    public Func<int, ValueTask> AppendOperation()
    {
        var data = new byte[AppendScenario.EventBytes];
        var streams = Enumerable.Range(0, AppendScenario.Streams).Select(i => $"bytes/stream-{i:D6}").ToArray();
        var turn = 0;
        return _ => RunAsync(Append, 1, streams[(uint)Interlocked.Increment(ref turn) % AppendScenario.Streams], data);
    }

    /// <summary>One transfer between two accounts: both rows locked in one order, both events, one commit.</summary>
    public Func<int, ValueTask> TransferOperation(int accounts)
    {
        var data = new byte[12];
        var random = new Random(7);
        var pairs = Enumerable.Range(0, 20_000).Select(_ => (random.Next(accounts), random.Next(accounts - 1)))
            .Select(pair => (From: pair.Item1, To: pair.Item2 + (pair.Item2 >= pair.Item1 ? 1 : 0)))
            .Select(pair => (BenchmarkBook.AccountName(pair.From), BenchmarkBook.AccountName(pair.To))).ToArray();
        var turn = 0;
        return _ =>
        {
            var (from, to) = pairs[(uint)Interlocked.Increment(ref turn) % (uint)pairs.Length];
            return RunAsync(Transfer, 2, from, to, 1L, data);
        };
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async ValueTask RunAsync(string sql, int rows, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        if (await command.ExecuteNonQueryAsync() != rows)
            throw new InvalidOperationException("The benchmark's statement in Postgres did not write what it should.");
    }
}

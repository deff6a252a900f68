using Daybook.Postgres.Tests.Support;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Npgsql;

namespace Daybook.Postgres.Tests.Faults;

/// <summary>The fixture itself: what the other tests rest on.</summary>
public sealed class PostgresServerTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Killed_server_refuses_connections_and_has_what_was_committed_when_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        await Sql.ExecuteAsync(server.ConnectionString, "create table t (n integer)");
        await Sql.ExecuteAsync(server.ConnectionString, "insert into t values (7)");
        var postmaster = server.Id;

        await server.KillAsync();

        Assert.False(server.IsRunning);
        await Assert.ThrowsAsync<NpgsqlException>(() => Sql.QueryAsync(server.ConnectionString, "select n from t"));
        await server.RestartAsync();
        Assert.NotEqual(postmaster, server.Id);
        Assert.Equal("7", await Sql.QueryAsync(server.ConnectionString, "select n from t"));
        Assert.Equal("on|15", await Sql.QueryAsync(server.ConnectionString, "select current_setting('fsync'), current_setting('server_version_num')::int / 10000"));
    }
}

using Daybook.Servers;
using Daybook.Servers.Postgres;
using Npgsql;

namespace Daybook.Postgres.Tests.Support;

/// <summary>One real server for all tests that leave it running. Each uses its own database.</summary>
public sealed class SharedPostgres() : SharedServer<PostgresServer>(() => PostgresServer.StartAsync()), IAsyncLifetime
{
    private int _databases;

    /// <summary>Makes an empty database.</summary>
    /// <returns>What connects to it, as the superuser.</returns>
    public async Task<string> DatabaseAsync()
    {
        var server = await StartedAsync();
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await Sql.ExecuteAsync(server.ConnectionString, $"create database {name}");
        return server.ConnectionStringTo(name);
    }

    public override Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        return base.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedPostgresCollection : ICollectionFixture<SharedPostgres>
{
    public const string Name = "a real PostgreSQL";
}

using Daybook.Servers.Postgres;
using Npgsql;

namespace Daybook.Postgres.Tests.Support;

/// <summary>One real server for all tests that leave it running. Each uses its own database.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private Task<PostgresServer>? _starting;
    private int _databases;

    /// <summary>The server, started on first use, so that a machine without it skips the tests.</summary>
    public Task<PostgresServer> StartedAsync() => _starting ??= PostgresServer.StartAsync();

    /// <summary>Makes an empty database.</summary>
    /// <returns>What connects to it, as the superuser.</returns>
    public async Task<string> DatabaseAsync()
    {
        var server = await StartedAsync();
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await Sql.ExecuteAsync(server.ConnectionString, $"create database {name}");
        return server.ConnectionStringTo(name);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_starting is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedPostgresCollection : ICollectionFixture<SharedPostgres>
{
    public const string Name = "a real PostgreSQL";
}

using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>Notifications tell nodes to look at once what has changed; they look by themselves too, so one that is lost costs a moment.</summary>
internal static class Wakeups
{
    internal static Task SendAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("select pg_notify($1, '')", cancellationToken, Channel(schema));

    internal static Task ListenAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"listen {Identifier.Quoted(Channel(schema))}", cancellationToken);

    private static string Channel(SchemaName schema) => $"daybook_{schema.Name}";
}

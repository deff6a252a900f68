using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>Notifications that make nodes look for changes immediately. Nodes also poll, so a lost notification only costs a short
/// delay.</summary>
internal static class Wakeups
{
    internal static Task SendAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("select pg_notify($1, '')", cancellationToken, Channel(schema));

    internal static Task ListenAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"listen {Identifier.Quoted(Channel(schema))}", cancellationToken);

    private static string Channel(SchemaName schema) => $"daybook_{schema.Name}";
}

using Npgsql;

namespace Daybook.Postgres.Schema;

/// <summary>Short commands for set-up; hot paths have dedicated commands.</summary>
internal static class Commands
{
    internal static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        var command = connection.Command(sql, parameters);
        await using (command.ConfigureAwait(false))
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first column of the first row; null when there is no row or it is null.</summary>
    internal static async Task<object?> ScalarAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        var command = connection.Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            var value = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            return value is DBNull ? null : value;
        }
    }

    /// <summary>Takes an advisory lock until the end of the transaction; its key is a hash of the name.</summary>
    internal static Task LockAsync(this NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", cancellationToken, name);

    internal static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}

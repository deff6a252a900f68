using System.Runtime.CompilerServices;
using System.Text.Json;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Documents;

/// <summary>Reads the current build of one version of a document projection. A query is one statement, and so sees one moment.</summary>
internal sealed class PostgresReadModel<TDocument>(PostgresDatabase database, DocumentTarget<TDocument> target) : IReadModel<TDocument>
    where TDocument : class
{
    private readonly string _get = $"select document from {target.View} where key = $1";

    /// <summary>How documents are serialized.</summary>
    internal JsonSerializerOptions Json => target.Json;

    /// <summary>The view that documents are selected from.</summary>
    internal string Source => target.View;

    public async ValueTask<TDocument?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (StorableText.Problem(key) is not null)
            return null; // no document has such a key
        using var guard = new GuardedToken(cancellationToken);
        await using var connection = await ConnectAsync(guard).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(_get, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = key } } };
        await using var reader = await ExecuteAsync(command, guard).ConfigureAwait(false);
        return reader is not null && await NextAsync(reader, guard).ConfigureAwait(false) ? target.Parse(reader.GetFieldValue<byte[]>(0), key) : null;
    }

    public IAsyncEnumerable<KeyValuePair<string, TDocument>> QueryAsync(
        string? from = null, bool descending = false, int limit = int.MaxValue, CancellationToken cancellationToken = default) =>
        from is null || StorableText.Problem(from) is not { } problem
            ? ReadAsync(command => Fill(command, from, descending, limit), cancellationToken)
            : throw new DaybookException(ErrorCode.InvalidArgument, $"The key to read from {problem}, which no key can.");

    /// <summary>Runs a command that selects keys and documents.</summary>
    internal async IAsyncEnumerable<KeyValuePair<string, TDocument>> ReadAsync(
        Action<NpgsqlCommand> fill, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var guard = new GuardedToken(cancellationToken);
        await using var connection = await ConnectAsync(guard).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        fill(command);
        await using var reader = await ExecuteAsync(command, guard).ConfigureAwait(false);
        while (reader is not null && await NextAsync(reader, guard).ConfigureAwait(false))
        {
            var key = reader.GetString(0);
            yield return new(key, target.Parse(reader.GetFieldValue<byte[]>(1), key));
        }
    }

    /// <summary>Runs a command that counts.</summary>
    internal async ValueTask<long> CountAsync(Action<NpgsqlCommand> fill, CancellationToken cancellationToken)
    {
        using var guard = new GuardedToken(cancellationToken);
        await using var connection = await ConnectAsync(guard).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        fill(command);
        await using var reader = await ExecuteAsync(command, guard).ConfigureAwait(false);
        return reader is not null && await NextAsync(reader, guard).ConfigureAwait(false) ? reader.GetInt64(0) : 0;
    }

    private void Fill(NpgsqlCommand command, string? from, bool descending, int limit)
    {
        var where = from is null ? "" : descending ? "where key <= $2" : "where key >= $2";
        command.CommandText = $"select key, document from {target.View} {where} order by key {(descending ? "desc" : "asc")} limit $1";
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Math.Max(0, limit) });
        if (from is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = from });
    }

    /// <summary>Translates an error of a query; null where no translation is needed.</summary>
    private Exception? Meaning(Exception error, GuardedToken guard)
    {
        if (error is InvalidCastException or ArgumentException or OverflowException or NotSupportedException or FormatException)
            return new DaybookException(ErrorCode.InvalidArgument, $"A value of the query cannot be sent to {database}: {error.Message}", error);
        var meaning = database.Meaning(error);
        return guard.Meaning(meaning) ?? (ReferenceEquals(meaning, error) ? null : meaning);
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(GuardedToken guard)
    {
        try
        {
            return await database.OpenAsync(guard.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (guard.Meaning(error) is { } meaning)
        {
            throw meaning;
        }
    }

    private async ValueTask<NpgsqlDataReader?> ExecuteAsync(NpgsqlCommand command, GuardedToken guard)
    {
        try
        {
            return await command.ExecuteReaderAsync(guard.Token).ConfigureAwait(false);
        }
        catch (PostgresException error) when (PostgresErrors.IsMissing(error))
        {
            return null;
        }
        catch (Exception error) when (Meaning(error, guard) is { } meaning)
        {
            throw meaning;
        }
    }

    private async ValueTask<bool> NextAsync(NpgsqlDataReader reader, GuardedToken guard)
    {
        try
        {
            return await reader.ReadAsync(guard.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (Meaning(error, guard) is { } meaning)
        {
            throw meaning;
        }
    }
}

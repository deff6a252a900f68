using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Schema;

/// <summary>What is stored of the versions of projections, beside their checkpoints: the kind, and the shape of the code that folded them.</summary>
internal sealed class ProjectionVersions(PostgresDatabase database)
{
    /// <summary>A version's table, qualified and quoted: names keep their case.</summary>
    internal static string QualifiedTableOf(PostgresDatabase database, ProjectionId projection) =>
        $"{database.Schema}.\"projection_{projection.Name}_v{projection.Version}\"";

    /// <summary>Makes what belongs to a version if it is not there, and checks that what is there was folded by the same code.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the code has changed, but not its version.
    /// <see cref="ErrorCode.Corrupted"/>: the table is gone.</exception>
    internal async ValueTask EnsureAsync(NpgsqlConnection connection, IProjectionTarget target, CancellationToken cancellationToken)
    {
        var (name, version) = (target.Projection.Name, target.Projection.Version);
        if (await CheckAsync(connection, target, cancellationToken).ConfigureAwait(false))
            return;
        await connection.LockAsync($"daybook projection {database.Schema}.{name}", cancellationToken).ConfigureAwait(false);
        if (await CheckAsync(connection, target, cancellationToken).ConfigureAwait(false))
            return;
        await target.CreateAsync(connection, cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"insert into {database.Schema}.projections (name, version, kind, shape) values ($1, $2, $3, $4)",
            cancellationToken, name, version, target.Kind, target.Shape).ConfigureAwait(false);
    }

    private async ValueTask<bool> CheckAsync(NpgsqlConnection connection, IProjectionTarget target, CancellationToken cancellationToken)
    {
        var stored = await connection.ScalarAsync(
            $"select kind || ': ' || shape from {database.Schema}.projections where name = $1 and version = $2",
            cancellationToken, target.Projection.Name, target.Projection.Version).ConfigureAwait(false);
        if (stored is not string code)
            return false;
        var now = $"{target.Kind}: {target.Shape}";
        if (code != now)
            throw PostgresErrors.CodeChanged(target.Projection, code, now);
        if (target.Table is { } table && await connection.ScalarAsync("select to_regclass($1)::text", cancellationToken, table).ConfigureAwait(false) is null)
            throw PostgresErrors.TableGone(database, target.Projection, table);
        return true;
    }
}

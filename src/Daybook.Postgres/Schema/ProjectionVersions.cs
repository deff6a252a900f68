using Daybook.Postgres.Builds;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Schema;

/// <summary>The stored records of projection versions: the kind, the shape of the code that folded them, and their builds.</summary>
internal sealed class ProjectionVersions(PostgresDatabase database)
{
    private readonly SchemaName _schema = database.Schema;

    /// <summary>The name of the advisory lock that is held while versions and builds of a projection are created, shown and
    /// dropped.</summary>
    internal static string LockOf(SchemaName schema, string projection) => $"daybook projection {schema.Name}.{projection}";

    /// <summary>Creates a build's tables if they do not exist, and checks that existing ones were folded by the same code.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the code has changed, but not its version.
    /// <see cref="ErrorCode.Corrupted"/>: the table is gone. <see cref="ErrorCode.NotOwner"/>: the build was dropped.</exception>
    internal async ValueTask EnsureAsync(NpgsqlConnection connection, IProjectionTarget target, CancellationToken cancellationToken)
    {
        if (await CheckAsync(connection, target, cancellationToken).ConfigureAwait(false) == Found.Made)
        {
            await ReplaceCutViewAsync(connection, target, cancellationToken).ConfigureAwait(false);
            return;
        }
        await connection.LockAsync(LockOf(_schema, target.Build.Projection.Name), cancellationToken).ConfigureAwait(false);
        var found = await CheckAsync(connection, target, cancellationToken).ConfigureAwait(false);
        if (found == Found.Made)
            return;
        if (found == Found.Nothing)
            await AddVersionAsync(connection, target, cancellationToken).ConfigureAwait(false);
        try
        {
            await MakeAsync(connection, target, isNew: found == Found.Nothing, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error) when (PostgresErrors.IsBadStatement(error) || PostgresErrors.IsBadValue(error))
        {
            throw PostgresErrors.NotMade(database, target.Build, error);
        }
    }

    private async ValueTask MakeAsync(NpgsqlConnection connection, IProjectionTarget target, bool isNew, CancellationToken cancellationToken)
    {
        await target.CreateAsync(connection, cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"update {_schema}.builds set made = true where projection = $1 and version = $2 and build = $3", cancellationToken, Key(target.Build)).ConfigureAwait(false);
        if (isNew && target.Table is not null)
            await ShowAsync(connection, target.Build, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates the view of a version whose name an earlier version of Daybook let the server truncate.</summary>
    private async ValueTask ReplaceCutViewAsync(NpgsqlConnection connection, IProjectionTarget target, CancellationToken cancellationToken)
    {
        if (target.Table is null || target.Build.CutLiveView is null)
            return;
        var view = BuildKey.Qualified(_schema, target.Build.LiveView);
        var current = await connection.ScalarAsync(
            $"select build from {_schema}.projections where name = $1 and version = $2 and to_regclass($3) is null",
            cancellationToken, target.Build.Projection.Name, target.Build.Projection.Version, view).ConfigureAwait(false);
        if (current is int number && number == target.Build.Number)
            await BuildViews.ShowInVersionAsync(connection, _schema, target.Build, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first version is shown immediately, a later one when it has caught up.</summary>
    private async ValueTask AddVersionAsync(NpgsqlConnection connection, IProjectionTarget target, CancellationToken cancellationToken)
    {
        var (name, version) = target.Build.Projection;
        await RequireApartAsync(connection, target.Build.Projection, cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"insert into {_schema}.projections (name, version, kind, shape) values ($1, $2, $3, $4)", cancellationToken, name, version, target.Kind, target.Shape)
            .ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"""
            insert into {_schema}.builds (projection, version, build, state, shown)
            select $1, $2, $3, case when later then 'filling' else 'live' end, case when later then 0 else nextval('{_schema}.switches') end
            from (select exists (select from {_schema}.builds where projection = $1 and shown > 0) as later) others
            """,
            cancellationToken, Key(target.Build)).ConfigureAwait(false);
    }

    private async ValueTask RequireApartAsync(NpgsqlConnection connection, ProjectionId projection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"select name, version from {_schema}.projections");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            BuildKey.RequireApart(projection, new ProjectionId(rows.GetString(0), rows.GetInt32(1)));
    }

    private async ValueTask ShowAsync(NpgsqlConnection connection, BuildKey build, CancellationToken cancellationToken)
    {
        await BuildViews.ShowInVersionAsync(connection, _schema, build, cancellationToken).ConfigureAwait(false);
        var shown = await connection.ScalarAsync(
            $"select shown > 0 from {_schema}.builds where projection = $1 and version = $2 and build = $3", cancellationToken, Key(build)).ConfigureAwait(false);
        if (shown is true)
            await BuildViews.ShowAsync(connection, _schema, build, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Found> CheckAsync(NpgsqlConnection connection, IProjectionTarget target, CancellationToken cancellationToken)
    {
        var stored = await connection.ScalarAsync(
            $"select kind || ': ' || shape from {_schema}.projections where name = $1 and version = $2",
            cancellationToken, target.Build.Projection.Name, target.Build.Projection.Version).ConfigureAwait(false);
        if (stored is not string code)
            return target.Build.Number == 1 ? Found.Nothing : throw PostgresErrors.Dropped(database, target.Build);
        var now = $"{target.Kind}: {target.Shape}";
        if (code != now)
            throw PostgresErrors.CodeChanged(target.Build.Projection, code, now);
        var made = await connection.ScalarAsync(
            $"select made from {_schema}.builds where projection = $1 and version = $2 and build = $3", cancellationToken, Key(target.Build)).ConfigureAwait(false);
        if (made is not true)
            return made is null ? throw PostgresErrors.Dropped(database, target.Build) : Found.Ordered;
        if (target.Table is { } table && await connection.ScalarAsync("select to_regclass($1)::text", cancellationToken, table).ConfigureAwait(false) is null)
            throw PostgresErrors.TableGone(database, target.Build, table);
        return Found.Made;
    }

    private static object[] Key(BuildKey build) => [build.Projection.Name, build.Projection.Version, build.Number];

    private enum Found
    {
        Nothing,
        Ordered,
        Made,
    }
}

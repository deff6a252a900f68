using System.Globalization;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>Orders new builds, and drops old ones. Nodes create and fill the builds that were ordered.</summary>
internal sealed class BuildChanges(SchemaName schema)
{
    /// <summary>Orders a build beside the others. The caller holds a transaction and the projection's lock.</summary>
    /// <returns>Its name, version and number.</returns>
    internal async Task<BuildKey> AddAsync(
        NpgsqlConnection connection, ProjectionId projection, BuildState state, bool switchesAlone, int sample, CancellationToken cancellationToken)
    {
        // Numbers are never reused: a node with stale information must not mistake one build for another.
        var number = await connection.ScalarAsync(
            $"update {schema}.projections set last_build = last_build + 1 where name = $1 and version = $2 returning last_build",
            cancellationToken, projection.Name, projection.Version).ConfigureAwait(false);
        var key = new BuildKey(projection, Convert.ToInt32(number, CultureInfo.InvariantCulture), state == BuildState.Shadow ? sample : null);
        await connection.ExecuteAsync(
            $"insert into {schema}.builds (projection, version, build, state, switch_alone, sample) values ($1, $2, $3, $4, $5, $6)",
            cancellationToken, projection.Name, projection.Version, key.Number, state.ToString().ToLowerInvariant(), switchesAlone, sample).ConfigureAwait(false);
        await Wakeups.SendAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        return key;
    }

    /// <summary>Drops a build with its table and checkpoints. The caller holds a transaction and the projection's lock, and has made sure
    /// that it has no readers.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="row">The build.</param>
    /// <param name="whole">Whether it is the last build of its version; the version is then dropped too.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    internal async Task DropAsync(NpgsqlConnection connection, BuildRow row, bool whole, CancellationToken cancellationToken)
    {
        var (name, version) = row.Key.Projection;
        // Lock the table first, in the same order as batches, which read it before they lock a checkpoint. Running batches finish; later
        // ones find it gone.
        var held = BuildKey.Qualified(schema, row.Key.Table);
        if (row.Kind != "raw" && await connection.ScalarAsync("select to_regclass($1)::text", cancellationToken, held).ConfigureAwait(false) is not null)
            await connection.ExecuteAsync($"lock table {held} in access exclusive mode", cancellationToken).ConfigureAwait(false);
        foreach (var table in new[] { "checkpoints", "runs", "orders", "skips", "builds" })
            await connection.ExecuteAsync(
                $"delete from {schema}.{table} where projection = $1 and version = $2 and build = $3", cancellationToken, name, version, row.Key.Number).ConfigureAwait(false);
        if (whole)
        {
            foreach (var view in new[] { row.Key.LiveView, row.Key.CutLiveView }.OfType<string>())
                await DropViewAsync(connection, BuildKey.Qualified(schema, view), cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync($"delete from {schema}.projections where name = $1 and version = $2", cancellationToken, name, version).ConfigureAwait(false);
        }
        foreach (var table in row.Kind == "raw" ? [] : new[] { row.Key.Table, row.Key.EventsTable })
            await connection.ExecuteAsync($"drop table if exists {BuildKey.Qualified(schema, table)}", cancellationToken).ConfigureAwait(false);
        await Wakeups.SendAsync(connection, schema, cancellationToken).ConfigureAwait(false);
    }

    // A truncated name may belong to a table.
    private static async Task DropViewAsync(NpgsqlConnection connection, string view, CancellationToken cancellationToken)
    {
        if (await connection.ScalarAsync("select oid from pg_class where oid = to_regclass($1) and relkind = 'v'", cancellationToken, view).ConfigureAwait(false) is not null)
            await connection.ExecuteAsync($"drop view {view}", cancellationToken).ConfigureAwait(false);
    }
}

using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>A build's row in the schema.</summary>
/// <param name="Key">Name, version and number.</param>
/// <param name="Kind">The kind of the projection: document, table, raw.</param>
/// <param name="State">Its purpose.</param>
/// <param name="SwitchesAlone">Whether it is shown automatically when it has caught up.</param>
/// <param name="IsCurrent">Whether readers of its version see it.</param>
/// <param name="Shown">The number of the last switch to it; 0 when there was none. The build with the highest number is shown.</param>
internal sealed record BuildRow(BuildKey Key, string Kind, BuildState State, bool SwitchesAlone, bool IsCurrent, long Shown)
{
    /// <summary>All builds, ordered by name, version and number.</summary>
    internal static async Task<List<BuildRow>> ReadAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken, string? projection = null)
    {
        await using var command = connection.Command(
            $"""
            select b.projection, b.version, b.build, b.state, b.sample, b.switch_alone, b.build = p.build, b.shown, p.kind
            from {schema}.builds b join {schema}.projections p on p.name = b.projection and p.version = b.version
            where $1 = '' or b.projection = $1 order by 1, 2, 3
            """,
            projection ?? "");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var builds = new List<BuildRow>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var state = Enum.Parse<BuildState>(rows.GetString(3), ignoreCase: true);
            var id = new ProjectionId(rows.GetString(0), rows.GetInt32(1));
            var key = new BuildKey(id, rows.GetInt32(2), state == BuildState.Shadow ? rows.GetInt32(4) : null);
            builds.Add(new BuildRow(key, rows.GetString(8), state, rows.GetBoolean(5), rows.GetBoolean(6), rows.GetInt64(7)));
        }
        return builds;
    }
}

/// <summary>The purpose of a build.</summary>
internal enum BuildState
{
    /// <summary>To be shown, but not shown yet.</summary>
    Filling,

    /// <summary>Shown now or before; a build shown before is kept up to date so that readers can switch back.</summary>
    Live,

    /// <summary>Built only for comparison with the one shown.</summary>
    Shadow,
}

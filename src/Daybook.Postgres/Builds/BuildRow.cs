using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>A build as the schema has it.</summary>
/// <param name="Key">Name, version and number.</param>
/// <param name="Kind">The kind of the projection: document, table, raw.</param>
/// <param name="State">What it is for.</param>
/// <param name="SwitchesAlone">Whether it is shown as soon as it has caught up.</param>
/// <param name="IsCurrent">Whether it is the one that readers of its version see.</param>
/// <param name="Shown">The number of the switch that showed it last; 0 when none has. The highest of a projection is what is shown.</param>
internal sealed record BuildRow(BuildKey Key, string Kind, BuildState State, bool SwitchesAlone, bool IsCurrent, long Shown)
{
    /// <summary>Every build, by name, version and number.</summary>
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

/// <summary>What a build is for.</summary>
internal enum BuildState
{
    /// <summary>It is to be shown, and was not yet.</summary>
    Filling,

    /// <summary>It is shown, or was before, and is kept up to date as the way back.</summary>
    Live,

    /// <summary>It is made to be compared with what is shown.</summary>
    Shadow,
}

using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>Shows which projections run, their progress, which are parked, and how to resume those.</summary>
internal static class StatusCommand
{
    internal static async Task<int> RunAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var name = args.Operand();
        args.End();
        await using var connection = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        var builds = name?.StartsWith(ProjectionId.ReactionPrefix, StringComparison.Ordinal) == true ? []
            : name is null
            ? await BuildRow.ReadAsync(connection, context.Schema, cancellationToken).ConfigureAwait(false)
            : await context.BuildsAsync(connection, name, cancellationToken).ConfigureAwait(false);
        foreach (var projection in builds.GroupBy(b => b.Key.Projection.Name))
        {
            var runs = await RunRow.ReadAsync(connection, context.Schema, projection.Key, cancellationToken).ConfigureAwait(false);
            var shown = OperatorContext.ShownOf([.. projection]);
            foreach (var build in projection)
                await WriteAsync(context, connection, build, shown, runs.FindAll(r => r.IsOf(build.Key)), cancellationToken).ConfigureAwait(false);
        }
        await WriteReactionsAsync(context, connection, name, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Reactions have checkpoints and runs as projections do, but no builds.</summary>
    private static async Task WriteReactionsAsync(OperatorContext context, NpgsqlConnection connection, string? name, CancellationToken cancellationToken)
    {
        var names = await connection.ScalarAsync(
            $"select array_agg(distinct projection order by projection) from {context.Schema}.checkpoints where starts_with(projection, $1) and ($2 = '' or projection = $2)",
            cancellationToken, ProjectionId.ReactionPrefix, name ?? "").ConfigureAwait(false);
        foreach (var reaction in names as string[] ?? [])
        {
            await context.Output.WriteLineAsync(reaction).ConfigureAwait(false);
            foreach (var line in RunLines.Of(
                new BuildKey(new ProjectionId(reaction, 1)), null, await RunRow.ReadAsync(connection, context.Schema, reaction, cancellationToken).ConfigureAwait(false)))
                await context.Output.WriteLineAsync(line).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(
        OperatorContext context, NpgsqlConnection connection, BuildRow build, BuildRow shown, List<RunRow> runs, CancellationToken cancellationToken)
    {
        var progress = await BuildProgress.ReadAsync(connection, context.Schema, build.Key, cancellationToken).ConfigureAwait(false);
        await context.Output.WriteLineAsync($"{build.Key}: {Purpose(build, shown)}; {progress}").ConfigureAwait(false);
        foreach (var line in RunLines.Of(build.Key, shown.Key, runs))
            await context.Output.WriteLineAsync(line).ConfigureAwait(false);
    }

    private static string Purpose(BuildRow build, BuildRow shown) => build switch
    {
        _ when build == shown => "shown",
        { State: BuildState.Live } => "shown before",
        { State: BuildState.Shadow } => "shadow, for comparison",
        { SwitchesAlone: true } => "to be shown when it has caught up",
        _ => $"waiting for: projections switch {build.Key.Projection.Name}",
    };
}

using System.Globalization;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>What runs, how far it is, what is parked and what to do about it.</summary>
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
            foreach (var run in await RunRow.ReadAsync(connection, context.Schema, reaction, cancellationToken).ConfigureAwait(false))
                await context.Output.WriteLineAsync($"  partition {run.Partition}: {Text(new BuildKey(new ProjectionId(reaction, 1)), run)}").ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(
        OperatorContext context, NpgsqlConnection connection, BuildRow build, BuildRow shown, List<RunRow> runs, CancellationToken cancellationToken)
    {
        var progress = await BuildProgress.ReadAsync(connection, context.Schema, build.Key, cancellationToken).ConfigureAwait(false);
        await context.Output.WriteLineAsync($"{build.Key}: {Purpose(build, shown)}; {progress}").ConfigureAwait(false);
        foreach (var run in runs)
            await context.Output.WriteLineAsync($"  partition {run.Partition}: {Text(build.Key, run)}").ConfigureAwait(false);
    }

    private static string Purpose(BuildRow build, BuildRow shown) => build switch
    {
        _ when build == shown => "shown",
        { State: BuildState.Live } => "shown before",
        { State: BuildState.Shadow } => "made to be compared",
        { SwitchesAlone: true } => "to be shown when it has caught up",
        _ => $"waits for: projections switch {build.Key.Projection.Name}",
    };

    private static string Text(BuildKey build, RunRow run)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{run.State ?? "not started"} at {run.Checkpoint:N0} of {run.Head:N0}");
        if (run.IsSilent)
            text += run.Node is null ? "; no node runs it" : string.Create(CultureInfo.InvariantCulture, $"; {run.Node}, which ran it, said so {run.Age:F0} s ago");
        if (run.Skipped > 0)
            text += $"; {run.Skipped} events skipped";
        if (run.Error is not null)
            text += $"\n    {run.Error.ReplaceLineEndings("\n    ")}";
        return run.IsParked ? $"{text}\n    {Advice(build, run)}" : text;
    }

    private static string Advice(BuildKey build, RunRow run)
    {
        var which = build.Number == 1 ? "" : $" --build {build.Number}";
        var retry = $"projections retry {build.Projection.Name} {run.Partition}{which}";
        return run.ParkedAt is null
            ? $"Cure the cause, then: {retry}"
            : $"Event: {run.ParkedEvent}\n    Cure the cause, then: {retry}; or leave the event out: projections skip {build.Projection.Name} {run.Position}{which}";
    }
}

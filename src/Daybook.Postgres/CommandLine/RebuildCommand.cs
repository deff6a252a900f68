using Daybook.Postgres.Builds;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>Orders a new build, and reports progress until it is shown.</summary>
internal static class RebuildCommand
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    internal static async Task<int> RunAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var (name, manual, leave, version) = (args.Operand("The name of the projection"), args.Flag("--manual"), args.Flag("--no-wait"), args.Number("--version"));
        args.End();
        await using var connection = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        var build = await OrderAsync(context, connection, name, version, manual, cancellationToken).ConfigureAwait(false);
        await context.Output.WriteLineAsync($"Projection {build} is filled beside the one shown; it continues even if this command ends.").ConfigureAwait(false);
        return leave ? 0 : await WatchAsync(context, connection, build, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<BuildKey> OrderAsync(
        OperatorContext context, NpgsqlConnection connection, string name, int? version, bool manual, CancellationToken cancellationToken)
    {
        await using var transaction = await context.LockAsync(connection, name, cancellationToken).ConfigureAwait(false);
        var builds = await context.BuildsAsync(connection, name, cancellationToken).ConfigureAwait(false);
        var old = OperatorContext.Pick(builds, version, null, OperatorContext.ShownOf, "");
        if (old.Kind == "raw")
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"Projection {old.Key.Projection} is raw: it creates its own tables, so only a new version can be filled beside the old one. " +
                "Raise the version in its [Projection] attribute.");
        if (builds.Find(b => b.State == BuildState.Filling) is { } filling)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"Projection {filling.Key} is already being filled; wait for it, or drop it: " +
                $"projections drop {name} --version {filling.Key.Projection.Version} --build {filling.Key.Number}");
        var build = await new BuildChanges(context.Schema).AddAsync(connection, old.Key.Projection, BuildState.Filling, !manual, 100, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return build;
    }

    private static async Task<int> WatchAsync(OperatorContext context, NpgsqlConnection connection, BuildKey build, CancellationToken cancellationToken)
    {
        var last = "";
        while (true)
        {
            var rows = await BuildRow.ReadAsync(connection, context.Schema, cancellationToken, build.Projection.Name).ConfigureAwait(false);
            var progress = await BuildProgress.ReadAsync(connection, context.Schema, build, cancellationToken).ConfigureAwait(false);
            if (progress.ToString() is var line && line != last)
                await context.Output.WriteLineAsync(last = line).ConfigureAwait(false);
            var row = rows.Find(r => r.Key == build)
                ?? throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {build} was dropped before it was shown.");
            if (row.State == BuildState.Live)
                return await EndAsync(context, $"Projection {build} is shown. To switch back: projections back {build.Projection.Name}").ConfigureAwait(false);
            if (progress.CaughtUp && !row.SwitchesAlone)
                return await EndAsync(context, $"Projection {build} has caught up. To show it: projections switch {build.Projection.Name}").ConfigureAwait(false);
            if (progress.Parked is { } parked)
                throw new DaybookException(ErrorCode.PoisonEvent, $"Projection {build}, {parked}");
            await context.PauseAsync(s_look, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> EndAsync(OperatorContext context, string line)
    {
        await context.Output.WriteLineAsync(line).ConfigureAwait(false);
        return 0;
    }
}

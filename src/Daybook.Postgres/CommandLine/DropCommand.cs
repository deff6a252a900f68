using Daybook.Postgres.Builds;

namespace Daybook.Postgres.CommandLine;

/// <summary>Drops builds and versions that are not shown.</summary>
internal static class DropCommand
{
    internal static async Task<int> RunAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var (name, version, number) = (args.Operand("The name of the projection"), args.Number("--version"), args.Number("--build"));
        args.End();
        await using var connection = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = await context.LockAsync(connection, name, cancellationToken).ConfigureAwait(false);
        var builds = await context.BuildsAsync(connection, name, cancellationToken).ConfigureAwait(false);
        if (version is null && number is null)
            throw CommandArguments.Bad($"choose a build or version to drop with --build or --version; there are: {string.Join(", ", builds.Select(b => b.Key))}");
        var row = OperatorContext.Pick(builds, version, number, _ => null, "");
        var ofVersion = builds.FindAll(b => b.Key.Projection == row.Key.Projection);
        var dropped = number is null ? ofVersion : [row];
        Check(builds, ofVersion, dropped);
        foreach (var build in dropped)
            await new BuildChanges(context.Schema).DropAsync(connection, build, whole: dropped.Count == ofVersion.Count, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        var left = row.Kind == "raw" ? " The tables of a raw projection are left in place, because it created them itself." : "";
        await context.Output.WriteLineAsync($"Dropped: {string.Join(", ", dropped.Select(b => b.Key))}.{left}").ConfigureAwait(false);
        return 0;
    }

    private static void Check(List<BuildRow> builds, List<BuildRow> ofVersion, List<BuildRow> dropped)
    {
        if (dropped.Contains(OperatorContext.ShownOf(builds)))
            throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {OperatorContext.ShownOf(builds).Key} is shown, so it cannot be dropped.");
        if (dropped.Count < ofVersion.Count && dropped.Find(b => b.IsCurrent) is { } current)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"Projection {current.Key} is the build that readers of version {current.Key.Projection.Version} see, so it cannot be dropped. " +
                "Drop the whole version with --version alone.");
    }
}

using Daybook.Postgres.Builds;

namespace Daybook.Postgres.CommandLine;

/// <summary>Shows another build.</summary>
internal static class SwitchCommands
{
    private const int Attempts = 25;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    internal static Task<int> SwitchAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var (name, version, number) = (args.Operand("The name of the projection"), args.Number("--version"), args.Number("--build"));
        return ShowAsync(args, context, name, builds => OperatorContext.Pick(
            builds, version, number, all => all.FindLast(b => b.State == BuildState.Filling),
            $"No build of projection '{name}' is waiting to be shown; name one with --build, or start one: projections rebuild {name}"), cancellationToken);
    }

    internal static Task<int> BackAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var name = args.Operand("The name of the projection");
        return ShowAsync(args, context, name, builds => builds.Where(b => b.Shown > 0).OrderByDescending(b => b.Shown).ElementAtOrDefault(1)
            ?? throw new DaybookException(ErrorCode.InvalidArgument,
                $"Cannot switch back: no other build of projection '{name}' was shown before, or it was dropped."), cancellationToken);
    }

    private static async Task<int> ShowAsync(
        CommandArguments args, OperatorContext context, string name, Func<List<BuildRow>, BuildRow> pick, CancellationToken cancellationToken)
    {
        var behind = args.Flag("--behind");
        args.End();
        await using var connection = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        var builds = await context.BuildsAsync(connection, name, cancellationToken).ConfigureAwait(false);
        var (shown, chosen) = (OperatorContext.ShownOf(builds), pick(builds));
        if (chosen == shown)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {chosen.Key} is already shown.");
        if (chosen.State == BuildState.Shadow)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {chosen.Key} is a shadow, built only for a comparison, and cannot be shown.");
        string? why = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            why = await new BuildSwitch(context.Schema, context.Time).TryAsync(connection, chosen.Key, alone: false, behind, cancellationToken).ConfigureAwait(false);
            if (why is null)
            {
                await context.Output.WriteLineAsync($"Projection {chosen.Key} is shown instead of {shown.Key}.").ConfigureAwait(false);
                return 0;
            }
            await context.PauseAsync(s_pause, cancellationToken).ConfigureAwait(false);
        }
        throw new DaybookException(ErrorCode.Unavailable, $"Nothing was switched: {why}. Wait for it; or use --behind, which lets readers go back in time.");
    }
}

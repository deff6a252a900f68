using System.Data;
using System.Globalization;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Verifying;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>
/// Folds the journal into a shadow and compares the rows at the same offsets of every partition, while projections keep running. The shadow
/// first folds to the build's current checkpoints. A database snapshot is then taken and held, the shadow folds to its checkpoints, and the
/// two are compared.
/// </summary>
internal static class VerifyCommand
{
    internal static async Task<int> RunAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var (name, number, version, sample) = (args.Operand("The name of the projection"), args.Number("--build"), args.Number("--version"), Percent(args.Value("--sample")));
        args.End();
        await using var connection = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        var builds = await context.BuildsAsync(connection, name, cancellationToken).ConfigureAwait(false);
        var build = OperatorContext.Pick(builds, version, number, OperatorContext.ShownOf, "");
        if (build.Kind == "raw")
            throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {build.Key.Projection} is raw: it creates its own tables, which this command does not know.");
        if (build.State == BuildState.Shadow)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {build.Key} is a shadow, built only for a comparison.");
        if (await connection.ScalarAsync(
            "select pg_try_advisory_lock(hashtextextended($1, 0))", cancellationToken, $"daybook verify {context.Schema.Name}.{name}").ConfigureAwait(false) is not true)
            throw new DaybookException(ErrorCode.Unavailable, $"Another verification of projection '{name}' is running. Try again when it has ended.");
        return await VerifyAsync(context, connection, build, sample, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> VerifyAsync(OperatorContext context, NpgsqlConnection connection, BuildRow build, int sample, CancellationToken cancellationToken)
    {
        var rows = await BuildRows.OfAsync(connection, context.Schema, build, cancellationToken).ConfigureAwait(false);
        var shadow = new ShadowBuild(context, connection, build);
        await shadow.OrderAsync(sample, cancellationToken).ConfigureAwait(false);
        try
        {
            await shadow.ReachAsync(cancellationToken).ConfigureAwait(false);
            await using var snapshot = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var held = await snapshot.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
            var checkpoints = await CheckpointsAsync(context, snapshot, build.Key, cancellationToken).ConfigureAwait(false);
            await shadow.RaiseAsync(checkpoints, cancellationToken).ConfigureAwait(false);
            await shadow.ReachAsync(cancellationToken).ConfigureAwait(false);
            var (first, keys) = await RowComparison.CompareAsync(
                rows.ReadAsync(snapshot, build.Key, sample, cancellationToken), rows.ReadAsync(connection, shadow.Key, sample, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            var by = first is null ? null : await rows.EventOfAsync(connection, shadow.Key, first.Key, cancellationToken).ConfigureAwait(false);
            return await ReportAsync(context.Output, build, first, by, keys, checkpoints).ConfigureAwait(false);
        }
        finally
        {
            await shadow.DropAsync().ConfigureAwait(false);
        }
    }

    private static async Task<int> ReportAsync(
        TextWriter output, BuildRow build, RowDifference? first, string? by, long keys, List<(int Partition, long Offset)> checkpoints)
    {
        var where = string.Join(", ", checkpoints.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Partition}@{c.Offset}")));
        if (first is null)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Projection {build.Key} matches its events: {keys:N0} rows compared, at {where}."))
                .ConfigureAwait(false);
            return 0;
        }
        await output.WriteLineAsync(
            $"""
            Projection {build.Key} is not what its events make, at {where}. The first row that differs, by key:
              key:     {first.Key}
              stored:  {first.Stored ?? "no row"}
              folded:  {first.Folded ?? "no row"}
              event:   {by ?? "no event has changed this row"}
            To have all of it made again: projections rebuild {build.Key.Projection.Name}
            """).ConfigureAwait(false);
        return 1;
    }

    private static async Task<List<(int Partition, long Offset)>> CheckpointsAsync(
        OperatorContext context, NpgsqlConnection snapshot, BuildKey build, CancellationToken cancellationToken)
    {
        await using var command = snapshot.Command(
            $"select partition, next_offset from {context.Schema}.checkpoints where projection = $1 and version = $2 and build = $3 order by 1",
            build.Projection.Name, build.Projection.Version, build.Number);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var checkpoints = new List<(int, long)>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            checkpoints.Add((rows.GetInt32(0), rows.GetInt64(1)));
        return checkpoints;
    }

    private static int Percent(string? text)
    {
        var percent = text is null ? 100 : CommandArguments.Whole(text.TrimEnd('%'), "--sample");
        return percent is >= 1 and <= 100 ? percent : throw CommandArguments.Bad($"--sample must be from 1 % to 100 %, not {percent} %");
    }
}

using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>Resumes parked projections, through the nodes that run them.</summary>
internal static class ParkedCommands
{
    private const int Attempts = 300;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    internal static Task<int> SkipAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var (name, number) = (args.Operand("The name of the projection"), args.Number("--build"));
        var position = CommandArguments.PositionOf(args.Operand("The position of the event"));
        args.End();
        return RunAsync(context, OrderDesk.Skip, name, number, position.Partition, position.Offset, cancellationToken);
    }

    internal static Task<int> RetryAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var (name, number) = (args.Operand("The name of the projection"), args.Number("--build"));
        var partition = CommandArguments.Whole(args.Operand("The partition"), "The partition");
        args.End();
        return RunAsync(context, OrderDesk.Retry, name, number, new PartitionId(partition), null, cancellationToken);
    }

    internal static Task<int> UnparkAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var name = args.Operand("The name of the projection");
        args.End();
        return RunAsync(context, OrderDesk.Retry, name, null, null, null, cancellationToken);
    }

    private static async Task<int> RunAsync(
        OperatorContext context, string verb, string name, int? number, PartitionId? partition, JournalOffset? at, CancellationToken cancellationToken)
    {
        await using var connection = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        var runs = await RunRow.ReadAsync(connection, context.Schema, name, cancellationToken).ConfigureAwait(false);
        if (runs.Count == 0)
            await context.BuildsAsync(connection, name, cancellationToken).ConfigureAwait(false);
        var meant = runs.FindAll(r => (number is null || r.Build.Number == number) && (partition is null || r.Partition == partition));
        var parked = meant.FindAll(r => r.IsParked && (at is null || r.ParkedAt == at.Value.Value));
        if (parked.Count == 0)
            throw NotParked(name, partition, at, meant);
        foreach (var run in parked)
        {
            await GiveAsync(context, connection, verb, run, cancellationToken).ConfigureAwait(false);
            var what = verb == OrderDesk.Skip ? $"skips the event at {run.Position}" : $"retries at {run.Position}";
            await context.Output.WriteLineAsync($"Projection {run.Build.Projection} build {run.Build.Number} {what} and continues.").ConfigureAwait(false);
        }
        return 0;
    }

    private static async Task GiveAsync(OperatorContext context, NpgsqlConnection connection, string verb, RunRow run, CancellationToken cancellationToken)
    {
        var order = (long)(await connection.ScalarAsync(
            $"insert into {context.Schema}.orders (verb, projection, version, build, partition, position) values ($1, $2, $3, $4, $5, $6) returning number", cancellationToken,
            verb, run.Build.Projection.Name, run.Build.Projection.Version, run.Build.Number, run.Partition.Value, run.Position.Offset.Value).ConfigureAwait(false))!;
        await Wakeups.SendAsync(connection, context.Schema, cancellationToken).ConfigureAwait(false);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var answer = await connection.ScalarAsync(
                $"select coalesce(error, '') from {context.Schema}.orders where number = $1 and done_at is not null", cancellationToken, order).ConfigureAwait(false);
            if (answer is string error)
            {
                if (error.Length > 0)
                    throw new DaybookException(ErrorCode.InvalidArgument, error);
                return;
            }
            await context.PauseAsync(s_look, cancellationToken).ConfigureAwait(false);
        }
        await connection.ExecuteAsync($"delete from {context.Schema}.orders where number = $1 and done_at is null", cancellationToken, order).ConfigureAwait(false);
        throw new DaybookException(ErrorCode.Unavailable,
            $"No node that runs projection {run.Build.Projection} build {run.Build.Number} on partition {run.Partition} answered; {run.Node} ran it last. Nothing was changed.");
    }

    private static DaybookException NotParked(string name, PartitionId? partition, JournalOffset? at, List<RunRow> meant)
    {
        var where = at is not null ? $" at {new Position(partition!.Value, at.Value)}" : partition is not null ? $" on partition {partition}" : "";
        var instead = meant.Count == 0
            ? "it is not running there"
            : string.Join("; ", meant.Select(r => $"build {r.Build.Number} on partition {r.Partition} is {r.State ?? "not started"} at {r.Position}"));
        return new DaybookException(ErrorCode.InvalidArgument, $"Projection '{name}' is not parked{where}: {instead}.");
    }
}

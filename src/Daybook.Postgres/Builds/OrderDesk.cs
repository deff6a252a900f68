using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>Carries out operators' orders for projections that run on this node. One node takes and answers each order.</summary>
internal sealed class OrderDesk(SchemaName schema, ProjectionHost host)
{
    internal const string Skip = "skip";
    internal const string Retry = "retry";

    private sealed record Order(long Number, string Verb, ProjectionId Projection, int Build, PartitionId Partition, long? Position)
    {
        internal bool IsFor(ProjectionStatus run) =>
            run.Projection == Projection && run.Build == Build && run.Partition == Partition && run.State != ProjectionState.Stopped;
    }

    internal async Task CarryOutAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var order in await PendingAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            if (!host.Status.Any(order.IsFor))
                continue;
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            if (await connection.ScalarAsync(
                $"select number from {schema}.orders where number = $1 and done_at is null for update skip locked", cancellationToken, order.Number).ConfigureAwait(false) is null)
                continue;
            var error = CarryOut(order);
            await connection.ExecuteAsync(
                $"update {schema}.orders set done_at = clock_timestamp(), error = nullif($2, '') where number = $1",
                cancellationToken, order.Number, error ?? "").ConfigureAwait(false);
            if (error is null)
                await connection.ExecuteAsync(
                    $"""
                    update {schema}.runs set state = 'Starting', error = null, parked_at = null, parked_event = null
                    where projection = $1 and version = $2 and build = $3 and partition = $4
                    """,
                    cancellationToken, order.Projection.Name, order.Projection.Version, order.Build, order.Partition.Value).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private string? CarryOut(Order order)
    {
        try
        {
            host.Resume(order.Projection.Name, order.Build, order.Partition, order.Verb == Skip ? new JournalOffset(order.Position!.Value) : null);
            return null;
        }
        catch (DaybookException refused)
        {
            return StorableText.Cleaned(refused.Message);
        }
    }

    private async Task<List<Order>> PendingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"select number, verb, projection, version, build, partition, position from {schema}.orders where done_at is null order by number");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var orders = new List<Order>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            orders.Add(new Order(rows.GetInt64(0), rows.GetString(1), new ProjectionId(rows.GetString(2), rows.GetInt32(3)), rows.GetInt32(4),
                new PartitionId(rows.GetInt32(5)), rows.IsDBNull(6) ? null : rows.GetInt64(6)));
        return orders;
    }
}

using Daybook.Postgres.Verifying;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Tables;

/// <summary>The rows that a batch changes: put together by key in memory, and written by one statement for each kind of change.</summary>
internal sealed class TablePartitionFold<TRow>(TableTarget<TRow> target, ITableProjection<TRow> code) : IPartitionFold
    where TRow : class
{
    private readonly Dictionary<RowKey, PendingRow> _rows = [];
    private readonly int[] _keys = [.. target.Columns.Index().Where(c => c.Item.IsKey).Select(c => c.Index)];

    public void Plan(ProjectionBatch batch, JournalOffset from)
    {
        foreach (var projected in batch.Events)
        {
            if (projected.Recorded.Position.Offset < from)
                continue;
            try
            {
                foreach (var change in code.ChangesOf(projected))
                    Change(change, projected.Recorded);
            }
            catch (Exception error)
            {
                throw new PoisonEventException(target.Build.Projection.Name, projected.Recorded, error);
            }
        }
    }

    public NpgsqlBatchCommand? Load() => null;

    public ValueTask LoadedAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask FoldAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IEnumerable<NpgsqlBatchCommand> Writes()
    {
        var writes = Ordered().GroupBy(r => r.Kind).Select(g => Write(g.Key, [.. g]));
        return target.Events is { } events && _rows.Count > 0 ? writes.Append(WriteEvents(events, [.. Ordered()])) : writes;
    }

    /// <summary>The server does not say which row it refused, so they are written one by one, and taken back.</summary>
    public async ValueTask<PoisonEventException?> BlameAsync(NpgsqlConnection connection, Exception refused, CancellationToken cancellationToken)
    {
        foreach (var row in Ordered())
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Write(row.Kind, [row]) } };
            try
            {
                await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException error) when (PostgresErrors.IsBadValue(error))
            {
                var what = $"a row of {target.Table} was refused with {error.SqlState}: {error.MessageText}";
                return new PoisonEventException(target.Build.Projection.Name, row.ChangedBy!, new DaybookException(ErrorCode.InvalidArgument, what, error));
            }
        }
        return null;
    }

    public void Clear() => _rows.Clear();

    private void Change(RowChange<TRow> change, RecordedEvent by)
    {
        object?[] values = [.. target.Columns.Select(c => c.ValueOf(change.Row))];
        var key = new RowKey(Array.ConvertAll(_keys, i => values[i] ?? throw NoKey(target.Columns[i])));
        if (!_rows.TryGetValue(key, out var row))
            _rows.Add(key, row = new PendingRow(target.Columns, values));
        row.Change(change.Kind, values, by);
    }

    private IEnumerable<PendingRow> Ordered() => _rows.OrderBy(r => r.Key).Select(r => r.Value);

    private NpgsqlBatchCommand Write(RowChangeKind kind, IReadOnlyCollection<PendingRow> rows)
    {
        var command = new NpgsqlBatchCommand(target.Statements[kind]);
        foreach (var (at, column) in target.Columns.Index().Where(c => target.Sent(kind).Contains(c.Item)))
            command.Parameters.Add(column.Values([.. rows.Select(r => r.Values[at])]));
        return command;
    }

    private NpgsqlBatchCommand WriteEvents(string sql, IReadOnlyCollection<PendingRow> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var at in _keys)
            command.Parameters.Add(target.Columns[at].Values([.. rows.Select(r => r.Values[at])]));
        command.Parameters.Add(ShadowEvents.Values(rows.Select(r => r.ChangedBy!)));
        return command;
    }

    private DaybookException NoKey(TableColumn column) => new(ErrorCode.InvalidArgument, $"the key column {column.Name} of a row of {target.Table} is null");
}

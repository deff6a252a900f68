using Daybook.Postgres.Verifying;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Tables;

/// <summary>The rows that a batch changes: merged by key in memory, and written with one statement for each kind of change.</summary>
internal sealed class TablePartitionFold<TRow>(TableTarget<TRow> target, ITableProjection<TRow> code) : IPartitionFold
    where TRow : class
{
    private readonly Dictionary<RowKey, PendingRow> _last = [];
    private readonly List<PendingRow> _rows = [];
    private readonly int[] _keys = [.. target.Columns.Index().Where(c => c.Item.IsKey).Select(c => c.Index)];
    private JournalOffset _planned;
    private JournalOffset _apartUpTo;
    private bool _apart;

    public void Plan(ProjectionBatch batch, JournalOffset from)
    {
        (_planned, _apart) = (batch.Next, batch.First < _apartUpTo);
        foreach (var projected in batch.Events)
        {
            if (projected.Recorded.Position.Offset < from)
                continue;
            try
            {
                foreach (var change in code.ChangesOf(projected) ?? throw Bad("ChangesOf returned null"))
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
        var writes = Ordered().GroupBy(r => (r.Round, r.Kind, r.IsMerged)).Select(g => Write(g.Key.Kind, g.Key.IsMerged, [.. g]));
        return target.Events is { } events && _rows.Count > 0 ? writes.Append(WriteEvents(events, [.. _last.Values.OrderBy(r => r.Key)])) : writes;
    }

    public bool TakeApart()
    {
        if (_apart)
            return false;
        _apartUpTo = _planned;
        return true;
    }

    /// <summary>The server does not name the row that it refused, so the rows are written one by one in order, and rolled back.</summary>
    public async ValueTask<PoisonEventException?> BlameAsync(NpgsqlConnection connection, Exception refused, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in Ordered())
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { Write(row.Kind, row.IsMerged, [row]), new("set constraints all immediate") },
            };
            try
            {
                await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException error) when (PostgresErrors.IsBadValue(error))
            {
                return new PoisonEventException(target.Build.Projection.Name, row.ChangedBy, new DaybookException(ErrorCode.InvalidArgument, Refused(row, error), error));
            }
        }
        return null;
    }

    public void Clear()
    {
        _last.Clear();
        _rows.Clear();
    }

    private void Change(RowChange<TRow> change, RecordedEvent by)
    {
        if (change.Row is null)
            throw Bad("a change has no row");
        if (!target.Statements.ContainsKey((change.Kind, false)))
            throw Bad($"the kind of change {change.Kind} is unknown");
        object?[] values = [.. target.Columns.Select(c => c.IsKey || change.Kind != RowChangeKind.Delete ? c.ValueOf(change.Row) : null)];
        var key = new RowKey(Array.ConvertAll(_keys, i => values[i]!));
        if (_last.TryGetValue(key, out var row) && !_apart && row.TryChange(change.Kind, values, by))
            return;
        _rows.Add(_last[key] = new PendingRow(target.Columns, key, row is null ? 0 : row.Round + 1, change.Kind, values, by));
    }

    private IEnumerable<PendingRow> Ordered() => _rows.OrderBy(r => r.Round).ThenBy(r => r.Key);

    private NpgsqlBatchCommand Write(RowChangeKind kind, bool merged, IReadOnlyCollection<PendingRow> rows)
    {
        var command = new NpgsqlBatchCommand(target.Statements[(kind, merged)]);
        foreach (var (at, column) in target.Columns.Index().Where(c => target.Sent(kind).Contains(c.Item)))
            command.Parameters.Add(column.Values([.. rows.Select(r => r.Values[at])]));
        return command;
    }

    private NpgsqlBatchCommand WriteEvents(string sql, IReadOnlyCollection<PendingRow> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var at in _keys)
            command.Parameters.Add(target.Columns[at].Values([.. rows.Select(r => r.Values[at])]));
        command.Parameters.Add(ShadowEvents.Values(rows.Select(r => r.ChangedBy)));
        return command;
    }

    // The server names the column in some errors only.
    private string Refused(PendingRow row, PostgresException error)
    {
        var numbers = target.Columns.Index().Where(c => c.Item.IsNumber && !c.Item.IsKey && row.Kind == RowChangeKind.Add && row.Values[c.Index] is not null)
            .Select(c => FormattableString.Invariant($"{row.Values[c.Index]} to {c.Item.Name}")).ToList();
        var adding = numbers.Count == 0 ? "" : $"; it adds {string.Join(", ", numbers)}";
        return $"the row with key {row.Key} of {target.Table} was refused with {error.SqlState}: {error.MessageText}{adding}";
    }

    private DaybookException Bad(string what) => new(ErrorCode.InvalidArgument, $"{what}, of projection {target.Build.Projection}");
}

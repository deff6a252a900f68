using System.Reflection;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Verifying;
using Daybook.Postgres.Writing;
using Npgsql;

namespace Daybook.Postgres.Tables;

/// <summary>One build of a table projection: its columns and its statements.</summary>
internal sealed class TableTarget<TRow> : IProjectionTarget
    where TRow : class
{
    private readonly ITableProjection<TRow> _code;
    private readonly PostgresDatabase _database;

    internal TableTarget(PostgresDatabase database, BuildKey build, ITableProjection<TRow> code)
    {
        (_code, _database, Build, Table) = (code, database, build, BuildKey.Qualified(database.Schema, build.Table));
        Columns = [.. typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(TableColumn.Of)];
        if (!Columns.Any(c => c.IsKey))
            throw new DaybookException(ErrorCode.InvalidArgument, $"No property of {typeof(TRow).Name} carries [Key], so projection {build.Projection} has no key for its rows.");
        Shape = $"{ProjectionShape.Events(code.GetType())}; table ({Definition})";
        Events = build.IsShadow ? ShadowEvents.Upsert(database.Schema, build, Columns.Where(c => c.IsKey).Select(c => c.Name)) : null;
        Statements = Enum.GetValues<RowChangeKind>().ToDictionary(k => k, Statement);
    }

    public BuildKey Build { get; }

    public string Kind => "table";

    public string Shape { get; }

    public string Table { get; }

    /// <summary>Writes what changed a row last, of a shadow; null for others.</summary>
    internal string? Events { get; }

    internal IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The statement for each kind of change, with an array for each column.</summary>
    internal IReadOnlyDictionary<RowChangeKind, string> Statements { get; }

    private string Definition => $"{string.Join(", ", Columns.Select(c => c.Definition))}, primary key ({Names(c => c.IsKey)})";

    public async ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync($"create table {Table} ({Definition}) with (fillfactor = 70)", cancellationToken).ConfigureAwait(false);
        foreach (var statement in _code.AlsoCreate(Table))
            await connection.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        if (Build.IsShadow)
            await connection.ExecuteAsync(
                ShadowEvents.Create(_database.Schema, Build, Columns.Where(c => c.IsKey).Select(c => c.Definition), Names(c => c.IsKey)), cancellationToken)
                .ConfigureAwait(false);
    }

    public IProjectionTarget Of(BuildKey other) => new TableTarget<TRow>(_database, other, _code);

    public IPartitionFold NewFold() => new TablePartitionFold<TRow>(this, _code);

    /// <summary>The columns that a change of a kind sends.</summary>
    internal IEnumerable<TableColumn> Sent(RowChangeKind kind) => kind == RowChangeKind.Delete ? Columns.Where(c => c.IsKey) : Columns;

    private string Statement(RowChangeKind kind)
    {
        var arrays = string.Join(", ", Sent(kind).Select((_, i) => $"${i + 1}"));
        if (kind == RowChangeKind.Delete)
            return $"delete from {Table} where ({Names(c => c.IsKey)}) in (select * from unnest({arrays}))";
        var updates = string.Join(", ", Columns.Where(c => !c.IsKey).Select(c => $"{c.Name} = {Update(c, kind)}"));
        return $"insert into {Table} as t ({Names(_ => true)}) select * from unnest({arrays}) on conflict ({Names(c => c.IsKey)}) " +
            (updates.Length == 0 ? "do nothing" : $"do update set {updates}");
    }

    private static string Update(TableColumn column, RowChangeKind kind) => kind == RowChangeKind.Add && column.IsNumber
        ? $"coalesce(t.{column.Name} + excluded.{column.Name}, t.{column.Name}, excluded.{column.Name})"
        : $"excluded.{column.Name}";

    private string Names(Func<TableColumn, bool> which) => string.Join(", ", Columns.Where(which).Select(c => c.Name));
}

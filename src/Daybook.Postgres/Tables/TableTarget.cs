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
        Columns = TableColumn.AllOf(typeof(TRow));
        if (!Columns.Any(c => c.IsKey))
            throw new DaybookException(ErrorCode.InvalidArgument, $"No property of {typeof(TRow).Name} carries [Key], so projection {build.Projection} has no key for its rows.");
        Shape = $"{ProjectionShape.Events(code.GetType())}; table ({Definition})";
        Events = build.IsShadow ? ShadowEvents.Upsert(database.Schema, build, Names(c => c.IsKey), TableColumn.Rows(Columns.Where(c => c.IsKey), ShadowEvents.Column)) : null;
        Statements = Enum.GetValues<RowChangeKind>().SelectMany(k => new[] { (k, false), (k, true) }).ToDictionary(k => k, k => Statement(k.k, k.Item2));
    }

    public BuildKey Build { get; }

    public string Kind => "table";

    public string Shape { get; }

    public string Table { get; }

    /// <summary>For a shadow, writes the event that last changed a row; null for other builds.</summary>
    internal string? Events { get; }

    internal IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The statement for each kind of change, merged or not, with an array for each column.</summary>
    internal IReadOnlyDictionary<(RowChangeKind Kind, bool Merged), string> Statements { get; }

    private string Definition => $"{string.Join(", ", Columns.Select(c => c.Definition))}, primary key ({Names(c => c.IsKey)})";

    public async ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync($"create table {Table} ({Definition}) with (fillfactor = 70)", cancellationToken).ConfigureAwait(false);
        foreach (var statement in _code.AlsoCreate(Table) ?? [])
            await connection.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        if (Build.IsShadow)
            await connection.ExecuteAsync(
                ShadowEvents.Create(_database.Schema, Build, Columns.Where(c => c.IsKey).Select(c => c.Definition), Names(c => c.IsKey)), cancellationToken)
                .ConfigureAwait(false);
    }

    public IProjectionTarget Of(BuildKey other) => new TableTarget<TRow>(_database, other, _code);

    public IPartitionFold NewFold() => new TablePartitionFold<TRow>(this, _code);

    /// <summary>The columns that a kind of change sends.</summary>
    internal IEnumerable<TableColumn> Sent(RowChangeKind kind) => kind == RowChangeKind.Delete ? Columns.Where(c => c.IsKey) : Columns;

    private string Statement(RowChangeKind kind, bool merged)
    {
        var rows = TableColumn.Rows(Sent(kind));
        if (kind == RowChangeKind.Delete)
            return $"delete from {Table} where ({Names(c => c.IsKey)}) in ({rows})";
        var updates = string.Join(", ", Columns.Where(c => !c.IsKey).Select(c => $"{c.Name} = {(kind == RowChangeKind.Add ? c.Added(merged) : $"excluded.{c.Name}")}"));
        return $"insert into {Table} as t ({Names(_ => true)}) {rows} on conflict ({Names(c => c.IsKey)}) " +
            (updates.Length == 0 ? "do nothing" : $"do update set {updates}");
    }

    private string Names(Func<TableColumn, bool> which) => string.Join(", ", Columns.Where(which).Select(c => c.Name));
}

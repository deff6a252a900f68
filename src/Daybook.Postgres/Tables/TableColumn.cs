using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Daybook.Postgres.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Tables;

/// <summary>A column of a table projection: its property, and how its values are stored and added.</summary>
internal abstract class TableColumn(PropertyInfo property, string type)
{
    private static readonly HashSet<string> s_ofTheServer = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    private readonly bool _isNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
        || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    internal string Name { get; } = Identifier.Quoted(SnakeCase(property.Name));

    internal bool IsKey { get; } = property.IsDefined(typeof(KeyAttribute));

    /// <summary>The column's definition in "create table".</summary>
    internal string Definition => $"{Name} {type}{(_isNullable && !IsKey ? "" : " not null")}";

    internal virtual bool IsNumber => false;

    /// <summary>Casts the array parameter to an array of the column's type.</summary>
    protected virtual string Cast => "";

    /// <summary>The stored form of a row's value.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the database cannot hold it; the message names the column.</exception>
    internal object? ValueOf(object row) => Read(row) is { } value
        ? Stored(value)
        : _isNullable && !IsKey ? null : throw Unstorable("is null");

    /// <summary>The sum with a known value.</summary>
    /// <exception cref="OverflowException">It is beyond the range of the type.</exception>
    internal virtual object? Sum(object? x, object? y) => y;

    /// <summary>
    /// Merges two values that are added to a third, which is unknown here. Only where adding the result cannot differ from adding both in
    /// order, neither in digits nor because the first sum alone would overflow.
    /// </summary>
    internal virtual bool TryMerge(object? x, object? y, out object? merged)
    {
        merged = y;
        return true;
    }

    /// <summary>The new value of the column when a value is added to an existing row.</summary>
    /// <param name="merged">Whether <see cref="TryMerge"/> produced the value; a result near the end of the range is then refused.</param>
    internal virtual string Added(bool merged) => $"excluded.{Name}";

    /// <summary>Converts the value that was sent to its stored form.</summary>
    protected virtual string Sent(string value) => value;

    protected virtual object Stored(object value) => value;

    /// <summary>A parameter with one value per row.</summary>
    internal abstract NpgsqlParameter Values(IReadOnlyCollection<object?> values);

    /// <summary>Selects the rows that are sent, with an array for each column and for each additional text column.</summary>
    internal static string Rows(IEnumerable<TableColumn> columns, params string[] further)
    {
        TableColumn[] sent = [.. columns];
        var arrays = string.Join(", ", sent.Select((c, i) => $"${i + 1}{c.Cast}").Concat(further.Select((_, i) => $"${sent.Length + i + 1}")));
        var names = string.Join(", ", sent.Select(c => c.Name).Concat(further));
        var values = string.Join(", ", sent.Select(c => c.Sent($"u.{c.Name}")).Concat(further.Select(f => $"u.{f}")));
        return $"select {values} from unnest({arrays}) as u ({names})";
    }

    /// <summary>The columns of a row type, in the order of its properties.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: a property cannot become a column, or two become the
    /// same column.</exception>
    internal static List<TableColumn> AllOf(Type row)
    {
        var columns = new List<TableColumn>();
        foreach (var property in row.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            RequireName(property, SnakeCase(property.Name));
            var column = Of(property);
            if (columns.Find(c => c.Name == column.Name) is not null)
                throw Refused(property, $"becomes a second column {column.Name} of {row.Name}; rename one of the two properties");
            columns.Add(column);
        }
        return columns;
    }

    protected DaybookException Unstorable(string why, Exception? cause = null) =>
        new(ErrorCode.InvalidArgument, $"the column {Name} of a row {why}", cause);

    private object? Read(object row)
    {
        try
        {
            return property.GetValue(row, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (Exception error)
        {
            throw Unstorable($"cannot be read: {ExceptionText.Of(error)}", error);
        }
    }

    private static TableColumn Of(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => new TextColumn(property),
            _ when type == typeof(int) => new IntegerColumn<int>(property, "integer", NpgsqlDbType.Integer),
            _ when type == typeof(long) => new IntegerColumn<long>(property, "bigint", NpgsqlDbType.Bigint),
            _ when type == typeof(decimal) => new DecimalColumn(property),
            _ when type == typeof(double) => new DoubleColumn(property),
            _ when type == typeof(bool) => new ValueColumn<bool>(property, "boolean", NpgsqlDbType.Boolean),
            _ when type == typeof(Guid) => new ValueColumn<Guid>(property, "uuid", NpgsqlDbType.Uuid),
            _ when type == typeof(DateOnly) => new DateColumn(property),
            _ when type == typeof(DateTimeOffset) => new TimeColumn(property),
            _ => throw Refused(property, $"is of type {property.PropertyType.Name}, which no column can hold; " +
                "use string, int, long, decimal, double, bool, Guid, DateOnly or DateTimeOffset"),
        };
    }

    private static void RequireName(PropertyInfo property, string name)
    {
        if (!property.CanRead)
            throw Refused(property, "cannot be read; give it a getter, or remove it from the row type");
        if (Identifier.IsTooLong(name))
            throw Refused(property, $"becomes a column '{name}', which PostgreSQL would truncate to {Identifier.MaxBytes} bytes; use a shorter name");
        if (s_ofTheServer.Contains(name))
            throw Refused(property, $"becomes a column '{name}', which is a system column of every PostgreSQL table; use another name");
    }

    private static DaybookException Refused(PropertyInfo property, string why) =>
        new(ErrorCode.InvalidArgument, $"The property {property.DeclaringType!.Name}.{property.Name} {why}.");

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 && !char.IsUpper(name[i - 1]) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}

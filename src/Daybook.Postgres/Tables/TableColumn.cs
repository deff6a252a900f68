using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Tables;

/// <summary>A column of a table projection: the property it comes from, and how its values are stored and added.</summary>
internal abstract class TableColumn(PropertyInfo property, string type)
{
    private readonly bool _isNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
        || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    internal string Name { get; } = $"\"{SnakeCase(property.Name)}\"";

    internal bool IsKey { get; } = property.IsDefined(typeof(KeyAttribute));

    /// <summary>The column as "create table" wants it.</summary>
    internal string Definition => $"{Name} {type}{(_isNullable && !IsKey ? "" : " not null")}";

    internal abstract bool IsNumber { get; }

    internal object? ValueOf(object row) => property.GetValue(row);

    internal abstract object? Sum(object? x, object? y);

    /// <summary>A parameter with one value for each row.</summary>
    internal abstract NpgsqlParameter Values(IReadOnlyCollection<object?> values);

    /// <summary>The column of a property.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: its type cannot be stored.</exception>
    internal static TableColumn Of(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => new ReferenceColumn(property),
            _ when type == typeof(int) => new NumberColumn<int>(property, "integer", NpgsqlDbType.Integer),
            _ when type == typeof(long) => new NumberColumn<long>(property, "bigint", NpgsqlDbType.Bigint),
            _ when type == typeof(decimal) => new NumberColumn<decimal>(property, "numeric", NpgsqlDbType.Numeric),
            _ when type == typeof(double) => new NumberColumn<double>(property, "double precision", NpgsqlDbType.Double),
            _ when type == typeof(bool) => new ValueColumn<bool>(property, "boolean", NpgsqlDbType.Boolean),
            _ when type == typeof(Guid) => new ValueColumn<Guid>(property, "uuid", NpgsqlDbType.Uuid),
            _ when type == typeof(DateOnly) => new ValueColumn<DateOnly>(property, "date", NpgsqlDbType.Date),
            _ when type == typeof(DateTimeOffset) => new TimeColumn(property),
            _ => throw new DaybookException(ErrorCode.InvalidArgument,
                $"The property {property.DeclaringType!.Name}.{property.Name} is of type {property.PropertyType.Name}, which no column can hold; " +
                "use string, int, long, decimal, double, bool, Guid, DateOnly or DateTimeOffset."),
        };
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 && !char.IsUpper(name[i - 1]) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private sealed class ReferenceColumn(PropertyInfo property) : TableColumn(property, "text collate \"C\"")
    {
        internal override bool IsNumber => false;

        internal override object? Sum(object? x, object? y) => y;

        internal override NpgsqlParameter Values(IReadOnlyCollection<object?> values) => new NpgsqlParameter<List<string?>>
        {
            TypedValue = [.. values.Cast<string?>()], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        };
    }

    private class ValueColumn<T>(PropertyInfo property, string type, NpgsqlDbType dbType) : TableColumn(property, type)
        where T : struct
    {
        internal override bool IsNumber => false;

        internal override object? Sum(object? x, object? y) => y;

        internal override NpgsqlParameter Values(IReadOnlyCollection<object?> values) => new NpgsqlParameter<List<T?>>
        {
            TypedValue = [.. values.Select(v => v is T value ? Stored(value) : (T?)null)], NpgsqlDbType = NpgsqlDbType.Array | dbType,
        };

        protected virtual T Stored(T value) => value;
    }

    private sealed class TimeColumn(PropertyInfo property) : ValueColumn<DateTimeOffset>(property, "timestamptz", NpgsqlDbType.TimestampTz)
    {
        protected override DateTimeOffset Stored(DateTimeOffset value) => value.ToUniversalTime();
    }

    private sealed class NumberColumn<T>(PropertyInfo property, string type, NpgsqlDbType dbType) : ValueColumn<T>(property, type, dbType)
        where T : struct, INumber<T>
    {
        internal override bool IsNumber => true;

        internal override object? Sum(object? x, object? y) => x is T a && y is T b ? checked(a + b) : x ?? y;
    }
}

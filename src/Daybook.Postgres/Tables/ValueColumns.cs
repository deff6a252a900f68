using System.Reflection;
using Daybook.Postgres.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Tables;

/// <summary>A column of text, in the order of code points.</summary>
internal sealed class TextColumn(PropertyInfo property) : TableColumn(property, "text collate \"C\"")
{
    protected override object Stored(object value) => StorableText.Problem((string)value) is { } problem
        ? throw Unstorable($"{problem}, which PostgreSQL text cannot store")
        : value;

    internal override NpgsqlParameter Values(IReadOnlyCollection<object?> values) => new NpgsqlParameter<List<string?>>
    {
        TypedValue = [.. values.Cast<string?>()], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };
}

/// <summary>A column of values.</summary>
internal class ValueColumn<T>(PropertyInfo property, string type, NpgsqlDbType dbType) : TableColumn(property, type)
    where T : struct
{
    internal override NpgsqlParameter Values(IReadOnlyCollection<object?> values) => new NpgsqlParameter<List<T?>>
    {
        TypedValue = [.. values.Cast<T?>()], NpgsqlDbType = NpgsqlDbType.Array | dbType,
    };
}

/// <summary>A column of dates. Npgsql sends the first and the last date of .NET as infinities; they are converted back to dates.</summary>
internal sealed class DateColumn(PropertyInfo property) : ValueColumn<DateOnly>(property, "date", NpgsqlDbType.Date)
{
    protected override string Sent(string value) =>
        $"case {value} when '-infinity' then date '0001-01-01' when 'infinity' then date '9999-12-31' else {value} end";
}

/// <summary>
/// A column of moments, stored in UTC to the microsecond. Finer digits are truncated, except in keys, where two keys could become one.
/// Npgsql sends the first moment of .NET as an infinity; it is converted back to that moment.
/// </summary>
internal sealed class TimeColumn(PropertyInfo property) : ValueColumn<DateTimeOffset>(property, "timestamptz", NpgsqlDbType.TimestampTz)
{
    protected override string Sent(string value) => $"case {value} when '-infinity' then timestamptz '0001-01-01 00:00:00+00' else {value} end";

    protected override object Stored(object value)
    {
        var ticks = ((DateTimeOffset)value).UtcTicks;
        var finer = ticks % TimeSpan.TicksPerMicrosecond;
        return finer == 0 || !IsKey
            ? new DateTimeOffset(ticks - finer, TimeSpan.Zero)
            : throw Unstorable($"is the key {value:O}, but PostgreSQL stores times to the microsecond, so two keys could become one; truncate it in ChangesOf");
    }
}

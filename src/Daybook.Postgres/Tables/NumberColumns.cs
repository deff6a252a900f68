using System.Globalization;
using System.Numerics;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Tables;

/// <summary>
/// A column of numbers. A batch merges several additions only while each partial sum is small compared with the range. If the final sum is
/// then not near the end of the range, no partial sum exceeded the range either. If it is near, the batch is written change by change.
/// </summary>
internal abstract class NumberColumn<T>(PropertyInfo property, string type, NpgsqlDbType dbType) : ValueColumn<T>(property, type, dbType)
    where T : struct, INumber<T>
{
    internal override bool IsNumber => true;

    private protected string Plain => $"coalesce(t.{Name} + excluded.{Name}, t.{Name}, excluded.{Name})";

    internal override object? Sum(object? x, object? y) => x is null || y is null ? x ?? y : Add(x, y);

    internal override bool TryMerge(object? x, object? y, out object? merged)
    {
        merged = Sum(x, y);
        return (x is null || IsSmall(x)) && (y is null || IsSmall(y)) && (merged is null || IsSmall(merged));
    }

    private protected abstract object Add(object x, object y);

    private protected abstract bool IsSmall(object number);

    /// <summary>The sum if its magnitude is within the limit, else an error that names the column.</summary>
    private protected string Within(string limit) =>
        $"case when {Plain} between -{limit} and {limit} then {Plain} when {Plain} is null then null " +
        $"else ('the sum ' || ({Plain})::text || ' in column {Name.Replace("'", "''", StringComparison.Ordinal)} is out of range')::{typeName} end";

    private readonly string typeName = type;
}

/// <summary>A column of integers; the server itself refuses a sum beyond the range.</summary>
internal sealed class IntegerColumn<T>(PropertyInfo property, string type, NpgsqlDbType dbType) : NumberColumn<T>(property, type, dbType)
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    private static readonly T s_small = T.MaxValue / T.CreateChecked(1024);

    internal override string Added(bool merged) =>
        merged ? Within((T.MaxValue - s_small - s_small).ToString(null, CultureInfo.InvariantCulture)) : Plain;

    private protected override object Add(object x, object y) => checked((T)x + (T)y);

    private protected override bool IsSmall(object number) => (T)number >= -s_small && (T)number <= s_small;
}

/// <summary>A column of decimals. The server keeps every digit; the range is that of <see cref="decimal"/>.</summary>
internal sealed class DecimalColumn(PropertyInfo property) : NumberColumn<decimal>(property, "numeric", NpgsqlDbType.Numeric)
{
    private const decimal Small = decimal.MaxValue / 1024;

    protected override string Cast => "::numeric[]";

    internal override string Added(bool merged) =>
        Within((merged ? decimal.Floor(decimal.MaxValue - Small - Small) : decimal.MaxValue).ToString(CultureInfo.InvariantCulture));

    internal override NpgsqlParameter Values(IReadOnlyCollection<object?> values) => values.Any(v => v is ExactDecimal)
        ? new NpgsqlParameter<List<string?>>
        {
            TypedValue = [.. values.Select(v => v is decimal d ? d.ToString(CultureInfo.InvariantCulture) : v?.ToString())],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        }
        : base.Values(values);

    // Equal numbers are one key: trailing zeros are removed.
    protected override object Stored(object value) => IsKey ? (decimal)value / 1.0000000000000000000000000000m : value;

    private protected override object Add(object x, object y) => ExactDecimal.Sum(x, y);

    private protected override bool IsSmall(object number) => number is decimal d ? d is >= -Small and <= Small : !((ExactDecimal)number).IsBeyond(Small);
}

/// <summary>A column of binary floating-point numbers. Each sum is rounded, so the additions of a batch are not merged.</summary>
internal sealed class DoubleColumn(PropertyInfo property) : NumberColumn<double>(property, "double precision", NpgsqlDbType.Double)
{
    internal override string Added(bool merged) => Plain;

    internal override bool TryMerge(object? x, object? y, out object? merged)
    {
        merged = x ?? y;
        return x is null || y is null;
    }

    private protected override object Add(object x, object y)
    {
        var sum = (double)x + (double)y;
        return double.IsInfinity(sum) && double.IsFinite((double)x) && double.IsFinite((double)y)
            ? throw new OverflowException($"the sum of {x:R} and {y:R} is out of range")
            : sum;
    }

    private protected override bool IsSmall(object number) => true;
}

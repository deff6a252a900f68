using System.Globalization;
using System.Text.Json;

namespace Daybook.Postgres.Queries;

/// <summary>One condition of a query: SQL with <c>{0}</c> and so on where its arguments go.</summary>
internal sealed record QueryCondition(string Format, IReadOnlyList<QueryArgument> Arguments)
{
    /// <summary>Compares a property with a value. The value is written as the serializer writes it, and compared as what comes out.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the value cannot be written, or has no order.</exception>
    internal static QueryCondition Of<TValue>(DocumentProperty property, Comparison comparison, TValue value)
    {
        var written = property.Written(value);
        if (written.ValueKind == JsonValueKind.Null)
            return new QueryCondition($"{Literal(property.As(DocumentValueKind.Text))} is {(RequireEquality(comparison, "null") ? "null" : "not null")}", []);
        var kind = property.KindFor(written.ValueKind);
        if (kind == DocumentValueKind.Json)
            RequireEquality(comparison, written.GetRawText());
        var text = written.ValueKind == JsonValueKind.String ? written.GetString()! : written.GetRawText();
        return new QueryCondition($"{Literal(property.As(kind))} {Operator(comparison)} {{0}}{Cast(kind)}", [new QueryArgument(text)]);
    }

    /// <summary>A condition in SQL.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it is no format, or a value in it cannot be sent.</exception>
    internal static QueryCondition Of(FormattableString condition, JsonSerializerOptions json)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var parsed = new QueryCondition(condition.Format, [.. condition.GetArguments().Select(a => QueryArgument.Of(a, json))]);
        try
        {
            parsed.Sql([]);
            return parsed;
        }
        catch (FormatException error)
        {
            throw new DaybookException(ErrorCode.InvalidArgument, $"The condition '{condition.Format}' names an argument that it does not have: {error.Message}", error);
        }
    }

    /// <summary>The SQL, its arguments numbered from the next parameter on.</summary>
    internal string Sql(List<object?> parameters)
    {
        var names = new object[Arguments.Count];
        for (var i = 0; i < names.Length; i++)
        {
            parameters.Add(Arguments[i].Value);
            names[i] = $"${parameters.Count}{Arguments[i].Cast}";
        }
        return $"({string.Format(CultureInfo.InvariantCulture, Format, names)})";
    }

    private static string Literal(string sql) => sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private static string Cast(DocumentValueKind kind) => kind switch
    {
        DocumentValueKind.Number => "::text::numeric",
        DocumentValueKind.Time => "::text::timestamptz",
        DocumentValueKind.Json => "::text::jsonb",
        _ => "::text",
    };

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "is distinct from",
        Comparison.Below => "<",
        Comparison.AtMost => "<=",
        Comparison.AtLeast => ">=",
        Comparison.Above => ">",
        _ => throw new DaybookException(ErrorCode.InvalidArgument, $"There is no comparison {comparison}."),
    };

    private static bool RequireEquality(Comparison comparison, string value) => comparison is Comparison.Equal or Comparison.NotEqual
        ? comparison == Comparison.Equal
        : throw new DaybookException(ErrorCode.InvalidArgument, $"'{value}' has no order; it can be compared as equal or not only.");
}

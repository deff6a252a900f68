using System.Globalization;
using System.Text.Json;

namespace Daybook.Postgres.Queries;

/// <summary>One condition of a query: SQL with <c>{0}</c> and so on as placeholders for its arguments.</summary>
internal sealed record QueryCondition(string Format, IReadOnlyList<QueryArgument> Arguments)
{
    /// <summary>Compares a property with a value. The value is serialized, and compared in that form.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the value cannot be serialized, or has no
    /// order.</exception>
    internal static QueryCondition Of<TValue>(DocumentProperty property, Comparison comparison, TValue value)
    {
        var written = property.Written(value);
        if (written.ValueKind == JsonValueKind.Null)
            return new QueryCondition($"{Literal(property.As(DocumentValueKind.Text))} is {(RequireEquality(comparison, "null") ? "null" : "not null")}", []);
        var kind = property.KindFor(written.ValueKind);
        if (kind == DocumentValueKind.Json)
            RequireEquality(comparison, written.GetRawText());
        else if (comparison is not (Comparison.Equal or Comparison.NotEqual))
            property.RequireOrder();
        var text = written.ValueKind == JsonValueKind.String ? written.GetString()! : written.GetRawText();
        return new QueryCondition($"{Literal(property.As(kind))} {Operator(comparison)} {{0}}{Cast(kind)}", [new QueryArgument(text)]);
    }

    /// <summary>A condition in SQL.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it is not a valid format string, or a value in it cannot
    /// be sent.</exception>
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
            throw new DaybookException(ErrorCode.InvalidArgument, $"The condition '{condition.Format}' refers to a missing argument: {error.Message}", error);
        }
    }

    /// <summary>The SQL, with its arguments numbered from the next parameter.</summary>
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
        _ => throw new DaybookException(ErrorCode.InvalidArgument, $"The comparison {comparison} is unknown."),
    };

    private static bool RequireEquality(Comparison comparison, string value) => comparison is Comparison.Equal or Comparison.NotEqual
        ? comparison == Comparison.Equal
        : throw new DaybookException(ErrorCode.InvalidArgument, $"'{value}' has no order; compare it only with Equal or NotEqual.");
}

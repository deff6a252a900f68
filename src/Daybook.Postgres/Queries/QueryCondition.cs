using System.Globalization;
using System.Text.Json;

namespace Daybook.Postgres.Queries;

/// <summary>One condition of a query: SQL with <c>{0}</c> and so on where its arguments go.</summary>
internal sealed record QueryCondition(string Format, IReadOnlyList<object?> Arguments)
{
    /// <summary>Compares a property with a value. The value is written as the serializer writes it, and compared as what comes out.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the value cannot be written, or has no order.</exception>
    internal static QueryCondition Of<TValue>(DocumentProperty property, Comparison comparison, TValue value, JsonSerializerOptions json)
    {
        var written = Written(value, json);
        if (written.ValueKind == JsonValueKind.Null)
            return new QueryCondition($"{Literal(property.As(DocumentValueKind.Text))} is {(RequireEquality(comparison, "null") ? "null" : "not null")}", []);
        var kind = property.Kind is DocumentValueKind.Number or DocumentValueKind.Time ? property.Kind : KindOf(written.ValueKind);
        if (kind == DocumentValueKind.Json)
            RequireEquality(comparison, written.GetRawText());
        var text = written.ValueKind == JsonValueKind.String ? written.GetString()! : written.GetRawText();
        return new QueryCondition($"{Literal(property.As(kind))} {Operator(comparison)} {{0}}{Cast(kind)}", [text]);
    }

    /// <summary>The SQL, its arguments numbered from the next parameter on.</summary>
    internal string Sql(List<object?> parameters)
    {
        var names = new object[Arguments.Count];
        for (var i = 0; i < names.Length; i++)
        {
            parameters.Add(Arguments[i]);
            names[i] = $"${parameters.Count}";
        }
        return $"({string.Format(CultureInfo.InvariantCulture, Format, names)})";
    }

    private static string Literal(string sql) => sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private static JsonElement Written<TValue>(TValue value, JsonSerializerOptions json)
    {
        try
        {
            return JsonSerializer.SerializeToElement(value, json);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException)
        {
            throw new DaybookException(ErrorCode.InvalidArgument, $"The value '{value}' cannot be written as JSON, so no document holds it: {error.Message}", error);
        }
    }

    private static DocumentValueKind KindOf(JsonValueKind written) => written switch
    {
        JsonValueKind.Number => DocumentValueKind.Number,
        JsonValueKind.Object or JsonValueKind.Array => DocumentValueKind.Json,
        _ => DocumentValueKind.Text,
    };

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

using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Daybook.Postgres.Documents;

namespace Daybook.Postgres.Queries;

/// <summary>The JSON form of a property in a document, which decides how SQL compares it.</summary>
internal enum DocumentValueKind
{
    Text,
    Number,
    Time,
    Json,
}

/// <summary>A property of a document, as an expression over the column <c>document</c>. Names and values are as serialized.</summary>
internal sealed class DocumentProperty
{
    private readonly LambdaExpression _lambda;
    private readonly string _path;
    private readonly Type _type;
    private readonly JsonSerializerOptions _json;
    private readonly DocumentValueKind? _kind;

    private DocumentProperty(LambdaExpression lambda, IEnumerable<string> names, JsonPropertyInfo property, JsonSerializerOptions json)
    {
        (_lambda, _type, _json) = (lambda, property.PropertyType, PropertyJson.Of(property, json));
        _path = $"'{{{string.Join(',', names.Select(Quoted))}}}'";
        _kind = PropertyJson.KindOf(_type, _json);
    }

    /// <summary>Determined from the serializer's output for values of the type.</summary>
    internal DocumentValueKind Kind => _kind ?? DocumentValueKind.Text;

    /// <summary>The kind for a comparison with this serialized value; the kind of a value object is visible only in its values.</summary>
    internal DocumentValueKind KindFor(JsonValueKind written) => _kind is { } known and not DocumentValueKind.Json ? known : written switch
    {
        JsonValueKind.Number => DocumentValueKind.Number,
        JsonValueKind.Object or JsonValueKind.Array => DocumentValueKind.Json,
        _ => DocumentValueKind.Text,
    };

    /// <summary>The expression; an index on the same text serves it.</summary>
    internal string As(DocumentValueKind kind) => kind switch
    {
        DocumentValueKind.Number => $"((document #>> {_path})::numeric)",
        DocumentValueKind.Time => $"((document #>> {_path})::timestamptz)",
        DocumentValueKind.Json => $"(document #> {_path})",
        _ => $"((document #>> {_path}) collate \"C\")",
    };

    /// <summary>The expression that queries use, for creating an index.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: its value depends on settings of the session, so the
    /// server refuses it.</exception>
    internal string Indexable => Kind != DocumentValueKind.Time
        ? As(Kind)
        : throw new DaybookException(ErrorCode.InvalidArgument,
            $"The time '{_lambda}' cannot be indexed, because parsing it depends on the session; store a date or a number beside it and index that.");

    /// <summary>Requires that the server orders values of the property as .NET does.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: their text in a document sorts in another
    /// order.</exception>
    internal void RequireOrder()
    {
        if (Kind == DocumentValueKind.Text && !PropertyJson.SortsAsText(_type))
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"Documents cannot be ordered or ranged by '{_lambda}': the text that a document holds for a {_type.Name} sorts in another order. " +
                "Store a number beside it, such as its ticks, and use that.");
    }

    /// <summary>A value in the form that a document would hold.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: no document can hold it.</exception>
    internal JsonElement Written<TValue>(TValue value)
    {
        var (type, json) = value is null || _type.IsInstanceOfType(value) ? (_type, _json) : (typeof(TValue), _json);
        try
        {
            var written = JsonSerializer.SerializeToUtf8Bytes(value, type, json);
            StrictJson.Require(written, value, type, json);
            var element = JsonElement.Parse(written);
            return HoldsNull(element) ? throw new JsonException("a text holds U+0000") : element;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new DaybookException(ErrorCode.InvalidArgument, $"The value '{value}' cannot be serialized as JSON, so no document holds it: {error.Message}", error);
        }
    }

    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it is not a chain of serialized properties.</exception>
    internal static DocumentProperty Of(LambdaExpression lambda, JsonSerializerOptions json)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var names = new Stack<string>();
        JsonPropertyInfo? property = null;
        var at = Unboxed(lambda.Body);
        for (; at is MemberExpression { Expression: { } owner } member; at = Unboxed(owner))
        {
            var info = PropertyOf(member.Member, owner.Type, json) ?? throw Refused(lambda, $"{member.Member.Name} is not serialized");
            names.Push(info.Name);
            property ??= info;
        }
        return at == lambda.Parameters[0] && property is not null
            ? new DocumentProperty(lambda, names, property, json)
            : throw Refused(lambda, "it is not a property of the document, or one of such a property");
    }

    private static Expression Unboxed(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression;

    private static JsonPropertyInfo? PropertyOf(MemberInfo member, Type owner, JsonSerializerOptions json)
    {
        try
        {
            return json.GetTypeInfo(owner).Properties.FirstOrDefault(p => p.Get is not null && p.AttributeProvider is MemberInfo written && written.Name == member.Name);
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool HoldsNull(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Contains('\0'),
        JsonValueKind.Array => element.EnumerateArray().Any(HoldsNull),
        JsonValueKind.Object => element.EnumerateObject().Any(p => p.Name.Contains('\0') || HoldsNull(p.Value)),
        _ => false,
    };

    private static string Quoted(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}\"";

    private static DaybookException Refused(LambdaExpression lambda, string why) => new(ErrorCode.InvalidArgument, $"Documents cannot be queried by '{lambda}': {why}.");
}

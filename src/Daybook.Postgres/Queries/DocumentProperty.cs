using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Postgres.Queries;

/// <summary>What a property comes out as in a document, and so how SQL compares it.</summary>
internal enum DocumentValueKind
{
    Text,
    Number,
    Time,
    Json,
}

/// <summary>A property of a document, as an expression over the column <c>document</c>. The names are those that the serializer writes.</summary>
internal sealed class DocumentProperty
{
    private static readonly HashSet<Type> s_numbers =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128),
        typeof(float), typeof(double), typeof(decimal),
    ];

    private readonly LambdaExpression _lambda;
    private readonly string _path;

    private DocumentProperty(LambdaExpression lambda, IEnumerable<string> names, DocumentValueKind kind)
    {
        _lambda = lambda;
        _path = $"'{{{string.Join(',', names.Select(Quoted))}}}'";
        Kind = kind;
    }

    /// <summary>By the type of the property; a value object's kind shows in its values only.</summary>
    internal DocumentValueKind Kind { get; }

    /// <summary>The expression; an index on the same text serves it.</summary>
    internal string As(DocumentValueKind kind) => kind switch
    {
        DocumentValueKind.Number => $"((document #>> {_path})::numeric)",
        DocumentValueKind.Time => $"((document #>> {_path})::timestamptz)",
        DocumentValueKind.Json => $"(document #> {_path})",
        _ => $"((document #>> {_path}) collate \"C\")",
    };

    /// <summary>The expression that queries use, for an index on it.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: what it means depends on settings of the session, so the server refuses it.</exception>
    internal string Indexable => Kind != DocumentValueKind.Time
        ? As(Kind)
        : throw new DaybookException(ErrorCode.InvalidArgument,
            $"The time '{_lambda}' cannot be indexed, since reading it depends on the session; keep a date or a number beside it and index that.");

    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it is not a chain of properties that the serializer writes.</exception>
    internal static DocumentProperty Of(LambdaExpression lambda, JsonSerializerOptions json)
    {
        var names = new Stack<string>();
        var at = Unboxed(lambda.Body);
        var type = at.Type;
        for (; at is MemberExpression { Expression: { } owner } member; at = Unboxed(owner))
            names.Push(NameOf(member.Member, owner.Type, json) ?? throw Refused(lambda, $"the serializer does not write {member.Member.Name}"));
        return at == lambda.Parameters[0] && names.Count > 0
            ? new DocumentProperty(lambda, names, KindOf(Nullable.GetUnderlyingType(type) ?? type, json))
            : throw Refused(lambda, "it is not a property of the document, or one of such a property");
    }

    private static Expression Unboxed(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression;

    private static string? NameOf(MemberInfo member, Type owner, JsonSerializerOptions json) =>
        json.GetTypeInfo(owner).Properties.FirstOrDefault(p => p.Get is not null && p.AttributeProvider is MemberInfo written && written.Name == member.Name)?.Name;

    private static DocumentValueKind KindOf(Type type, JsonSerializerOptions json)
    {
        if (s_numbers.Contains(type))
            return DocumentValueKind.Number;
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return DocumentValueKind.Time;
        if (type.IsEnum)
            return JsonSerializer.SerializeToElement(Enum.ToObject(type, 0), type, json).ValueKind == JsonValueKind.Number ? DocumentValueKind.Number : DocumentValueKind.Text;
        return json.GetTypeInfo(type).Kind == JsonTypeInfoKind.None ? DocumentValueKind.Text : DocumentValueKind.Json;
    }

    private static string Quoted(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}\"";

    private static DaybookException Refused(LambdaExpression lambda, string why) => new(ErrorCode.InvalidArgument, $"The document cannot be asked for '{lambda}': {why}.");
}

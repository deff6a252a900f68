using Daybook.Testing.Histories.Serializability;

namespace Daybook.Testing.Histories.Text;

/// <summary>
/// Transactions on lists as Jepsen and Elle write them: <c>:txn [[:append "x" 1] [:r "y" [1 2]]]</c>, and <c>nil</c> for a read not
/// answered.
/// </summary>
public sealed class ListAppendFormat : IHistoryFormat<ListTransaction, ListTransaction>
{
    private const string Function = "txn";

    /// <inheritdoc />
    public string FunctionOf(ListTransaction call) => Function;

    /// <inheritdoc />
    public string WriteCall(ListTransaction call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return $"[{string.Join(' ', call.Operations.Select(Write))}]";
    }

    /// <inheritdoc />
    public string WriteReturn(ListTransaction call, ListTransaction answer) => WriteCall(answer);

    /// <inheritdoc />
    public ListTransaction ReadCall(string function, string value) => function == Function
        ? new ListTransaction(Edn.ReadVector(value).Select(Read))
        : throw new FormatException($"':{function}' is not a transaction on lists.");

    /// <inheritdoc />
    public ListTransaction ReadReturn(ListTransaction call, string value) => ReadCall(Function, value);

    private static string Write(ListOperation operation) => operation switch
    {
        { Appended: { } value } => $"[:append {Edn.Quote(operation.Key)} {Edn.Write(value)}]",
        { Seen: { } seen } => $"[:r {Edn.Quote(operation.Key)} [{string.Join(' ', seen.Select(v => Edn.Write(v)))}]]",
        _ => $"[:r {Edn.Quote(operation.Key)} nil]",
    };

    private static ListOperation Read(object? element) => element switch
    {
        List<object?> and [":append", { } key, long value] => ListOperation.Append($"{key}", value),
        List<object?> and [":r", { } key, null] => ListOperation.Read($"{key}"),
        List<object?> and [":r", { } key, List<object?> seen] when seen.All(v => v is long) =>
            ListOperation.Read($"{key}", seen.Cast<long>()),
        _ => throw new FormatException("A transaction has an operation that is neither [:append key value] nor [:r key [value ...]]."),
    };
}

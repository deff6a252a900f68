using System.Text;

namespace Daybook.Testing.Histories.Linearizability;

/// <summary>Why a history is not linearizable.</summary>
/// <typeparam name="TCall">What was asked.</typeparam>
/// <typeparam name="TReturn">What was answered.</typeparam>
/// <param name="Key">The object whose answers no order explains.</param>
/// <param name="LongestPrefix">An order that explains the history up to <paramref name="Unplaceable"/>'s completion; no order tried gets
/// further.</param>
/// <param name="Unplaceable">The operation that has to come next, because it is completed, and whose answer does not fit there.</param>
/// <param name="State">The model's state after the prefix.</param>
public sealed record LinearizabilityViolation<TCall, TReturn>(
    string Key,
    IReadOnlyList<Operation<TCall, TReturn>> LongestPrefix,
    Operation<TCall, TReturn> Unplaceable,
    string State)
{
    private const int OperationsShown = 10;

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder().AppendLine($"key \"{Key}\", an order of {LongestPrefix.Count} operations, which ends with");
        foreach (var operation in LongestPrefix.TakeLast(OperationsShown)) text.AppendLine($"  {operation}");
        return text.AppendLine($"leads to state {State}, where this one does not fit:").Append($"  {Unplaceable}").ToString();
    }
}

using System.Text;

namespace Daybook.Testing.Histories.Serializability;

/// <summary>Evidence against strict serializability.</summary>
/// <param name="Kind">The class.</param>
/// <param name="Key">The list that shows it; null for a cycle.</param>
/// <param name="Explanation">What was seen, in one sentence.</param>
/// <param name="Transactions">The transactions that take part.</param>
/// <param name="Cycle">The edges of a cycle, each starting where the one before ends; empty for the other classes.</param>
public sealed record Anomaly(
    AnomalyKind Kind,
    string? Key,
    string Explanation,
    IReadOnlyList<Operation<ListTransaction, ListTransaction>> Transactions,
    IReadOnlyList<Dependency> Cycle)
{
    /// <summary>
    /// The usual name: <c>G-single</c>; with <c>-process</c> if the cycle needs the order of a process, with <c>-realtime</c> if it needs
    /// real time
    /// (the history is serializable then, but not strictly).
    /// </summary>
    public string Name => (Kind == AnomalyKind.GSingle ? "G-single" : Kind.ToString()) + Suffix;

    private string Suffix =>
        Cycle.Any(d => d.Kind == DependencyKind.RealTime) ? "-realtime"
        : Cycle.Any(d => d.Kind == DependencyKind.Process) ? "-process"
        : "";

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder($"{Name}: {Explanation}");
        foreach (var transaction in Transactions) text.AppendLine().Append($"  {transaction}");
        return text.ToString();
    }
}

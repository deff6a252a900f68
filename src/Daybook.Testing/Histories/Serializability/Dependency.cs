namespace Daybook.Testing.Histories.Serializability;

/// <summary>Transaction <paramref name="From"/> must come before transaction <paramref name="To"/>.</summary>
/// <param name="From">The earlier one.</param>
/// <param name="To">The later one.</param>
/// <param name="Kind">Why; a single kind.</param>
/// <param name="Key">The list that shows it; null for process and real time.</param>
public sealed record Dependency(
    Operation<ListTransaction, ListTransaction> From, Operation<ListTransaction, ListTransaction> To, DependencyKind Kind, string? Key)
{
    /// <inheritdoc />
    public override string ToString() => $"#{From.Index} -{Symbol}-> #{To.Index}";

    private string Symbol => Kind switch
    {
        DependencyKind.WriteWrite => $"ww {Key}",
        DependencyKind.WriteRead => $"wr {Key}",
        DependencyKind.ReadWrite => $"rw {Key}",
        DependencyKind.Process => "process",
        _ => "realtime",
    };
}

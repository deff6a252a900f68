using Bank.Accounts;
using Daybook.Projections;

namespace Bank.ReadModels;

/// <summary>The counts of one partition.</summary>
/// <param name="Accounts">Accounts opened.</param>
/// <param name="Movements">Deposits, withdrawals, transfers and journal entries.</param>
public sealed record Total(long Accounts, long Movements);

/// <summary>Counts by partition, so that no two partitions write the same row.</summary>
[Projection("totals", Version = 1)]
public sealed class Totals : IDocumentProjection<Total>
{
    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected) =>
        projected.Body is Opened || Movements.IsFirstOf(projected.Body)
            ? [projected.Recorded.Position.Partition.ToString()]
            : [];

    /// <inheritdoc/>
    public Total? Apply(string key, Total? document, ProjectedEvent projected)
    {
        var total = document ?? new Total(0, 0);
        return projected.Body is Opened
            ? total with { Accounts = total.Accounts + 1 }
            : total with { Movements = total.Movements + 1 };
    }
}

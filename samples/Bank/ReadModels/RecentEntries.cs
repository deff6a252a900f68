using System.Globalization;
using Bank.Accounts;
using Bank.Entries;
using Daybook.Projections;

namespace Bank.ReadModels;

/// <summary>Something that moved money, as shown in the list of recent entries.</summary>
/// <param name="Id">The command that did it.</param>
/// <param name="Kind"><c>deposit</c>, <c>withdrawal</c>, <c>transfer</c> or <c>entry</c>.</param>
/// <param name="Time">When the bank recorded it.</param>
/// <param name="Date">The date it is booked on.</param>
/// <param name="Description">What it was for; empty when nothing was said.</param>
/// <param name="Legs">What it added where.</param>
public sealed record RecentEntry(Guid Id, string Kind, DateTimeOffset Time, DateOnly Date, string Description, IReadOnlyList<Leg> Legs);

/// <summary>Everything that moved money, by the time at which it was recorded.</summary>
[Projection("recent_entries", Version = 1)]
public sealed class RecentEntries : IDocumentProjection<RecentEntry>
{
    /// <summary>The kind of the rows that are journal entries.</summary>
    public const string JournalEntryKind = "entry";

    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected)
    {
        if (projected.Body is not (Deposited or Withdrawn or TransferSent or EntryRecorded))
            return [];
        var metadata = projected.Recorded.Metadata;
        return [string.Create(CultureInfo.InvariantCulture, $"{metadata.Time.UtcTicks:D19}-{metadata.CommandId}")];
    }

    /// <inheritdoc/>
    public RecentEntry? Apply(string key, RecentEntry? document, ProjectedEvent projected)
    {
        var account = AccountId.Of(projected.Recorded.Stream);
        return projected.Body switch
        {
            Deposited e => Row(projected, "deposit", new Leg(account!.Value, e.Amount, e.Currency)),
            Withdrawn e => Row(projected, "withdrawal", new Leg(account!.Value, -e.Amount, e.Currency)),
            TransferSent e => Row(projected, "transfer",
                new Leg(account!.Value, -e.Amount, e.Currency), new Leg(e.To, e.Amount, e.Currency)),
            EntryRecorded e => Row(projected, JournalEntryKind, [.. e.Legs]) with { Date = e.Date, Description = e.Description },
            _ => document,
        };
    }

    private static RecentEntry Row(ProjectedEvent projected, string kind, params Leg[] legs)
    {
        var metadata = projected.Recorded.Metadata;
        return new RecentEntry(metadata.CommandId.Value, kind, metadata.Time, DateOnly.FromDateTime(metadata.Time.UtcDateTime), "", legs);
    }
}

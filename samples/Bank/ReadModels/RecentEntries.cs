using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Bank.Accounts;
using Bank.Entries;
using Daybook;
using Daybook.Projections;

namespace Bank.ReadModels;

/// <summary>Something that moved money, as shown in the list of recent entries.</summary>
/// <param name="Id">The command that did it.</param>
/// <param name="Kind"><c>deposit</c>, <c>withdrawal</c>, <c>transfer</c> or <c>entry</c>.</param>
/// <param name="Time">When the bank recorded it.</param>
/// <param name="Date">The date it is booked on.</param>
/// <param name="Description">What it was for; empty when none was given.</param>
/// <param name="Postings">The amounts it added, by account.</param>
public sealed record RecentEntry(
    Guid Id, string Kind, DateTimeOffset Time, DateOnly Date, string Description,
    [property: JsonPropertyName(Posting.JsonName)] IReadOnlyList<Posting> Postings);

/// <summary>Everything that moved money, by the date it is booked on and, within a day, by the time at which it was recorded.</summary>
[Projection("recent_entries", Version = 2)]
public sealed partial class RecentEntries : IDocumentProjection<RecentEntry>
{
    /// <summary>The kind of the rows that are journal entries.</summary>
    public const string JournalEntryKind = "entry";

    /// <summary>Whether a text has the form of a key.</summary>
    public static bool IsKey(string text) => KeyForm().IsMatch(text);

    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected)
    {
        if (!Movements.IsFirstOf(projected.Body))
            return [];
        var metadata = projected.Recorded.Metadata;
        var date = (projected.Body as EntryRecorded)?.Date ?? DateOf(metadata);
        return [string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd}-{metadata.Time.UtcTicks:D19}-{metadata.CommandId}")];
    }

    /// <inheritdoc/>
    public RecentEntry? Apply(string key, RecentEntry? document, ProjectedEvent projected)
    {
        var account = AccountId.Of(projected.Recorded.Stream);
        return projected.Body switch
        {
            Deposited e => Row(projected, "deposit", new Posting(account!.Value, e.Amount, e.Currency)),
            Withdrawn e => Row(projected, "withdrawal", new Posting(account!.Value, -e.Amount, e.Currency)),
            TransferSent e => Row(projected, "transfer",
                new Posting(account!.Value, -e.Amount, e.Currency), new Posting(e.To, e.Amount, e.Currency)),
            EntryRecorded e => Row(projected, JournalEntryKind, [.. e.Postings]) with { Date = e.Date, Description = e.Description },
            _ => document,
        };
    }

    private static RecentEntry Row(ProjectedEvent projected, string kind, params Posting[] postings)
    {
        var metadata = projected.Recorded.Metadata;
        return new RecentEntry(metadata.CommandId.Value, kind, metadata.Time, DateOf(metadata), "", postings);
    }

    private static DateOnly DateOf(EventMetadata metadata) => DateOnly.FromDateTime(metadata.Time.UtcDateTime);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d-\d{19}-[0-9a-f-]{36}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyForm();
}

using System.Text.Json.Serialization;
using Daybook;

namespace Bank.Entries;

/// <summary>A journal entry was recorded, as a whole.</summary>
[EventType("bank.entry-recorded.v1")]
public sealed record EntryRecorded(
    JournalEntryId Entry, DateOnly Date, string Description, [property: JsonPropertyName(Posting.JsonName)] IReadOnlyList<Posting> Postings);

/// <summary>
/// A journal entry. It never changes. Because it is an aggregate, it can never be posted twice, even when the
/// command that posted it has left the command window.
/// </summary>
[Aggregate("entry")]
public sealed record Entry(
    JournalEntryId Id, DateOnly Date, string Description, [property: JsonPropertyName(Posting.JsonName)] IReadOnlyList<Posting> Postings)
{
    /// <summary>The only event.</summary>
    public static Entry Create(EntryRecorded e) => new(e.Entry, e.Date, e.Description, e.Postings);
}

using System.Text.Json.Serialization;
using Bank.Amounts;
using Daybook;

namespace Bank.Entries;

/// <summary>The identity of a journal entry.</summary>
[JsonConverter(typeof(JournalEntryIdConverter))]
public readonly record struct JournalEntryId(Guid Value)
{
    /// <summary>The stream of its one event.</summary>
    internal StreamId Stream => StreamId.For("entry", ToString());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");

    private sealed class JournalEntryIdConverter : TextValueConverter<JournalEntryId>
    {
        protected override JournalEntryId Parse(string text) => new(Guid.Parse(text));

        protected override string TextOf(JournalEntryId value) => value.ToString();
    }
}

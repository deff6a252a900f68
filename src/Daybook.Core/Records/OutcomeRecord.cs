using Daybook.Core.Journals;
using Daybook.Core.Transactions;

namespace Daybook.Core.Records;

/// <summary>Reads the outcome of a command back from the record that made it durable.</summary>
internal static class OutcomeRecord
{
    /// <param name="entry">The entry.</param>
    /// <param name="place">Where the record stands in it.</param>
    /// <param name="position">The record's position.</param>
    /// <param name="fingerprint">Of the command that it records; 0 when it has none.</param>
    public static Outcome Read(JournalEntry entry, int place, Position position, out ulong fingerprint)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        cursor.MoveTo(place);
        var decoder = new RecordDecoder(cursor.Body);
        if (cursor.Kind == RecordKind.Decision)
        {
            TransactionRecords.ReadId(ref decoder);
            TransactionRecords.ReadParticipants(ref decoder);
        }
        var id = CommandHeader.Skip(ref decoder, out fingerprint);
        switch (cursor.Kind)
        {
            case RecordKind.Events or RecordKind.Decision:
                return new Outcome.Accepted(id, position, new StreamVersion(decoder.ReadVarint()));
            case RecordKind.Rejected:
                var reason = decoder.ReadText();
                return new Outcome.Rejected(id, reason, decoder.ReadByte() == 1 ? decoder.ReadText() : null);
            case RecordKind.Conflict:
                var stream = decoder.ReadStream();
                return new Outcome.Conflict(id, stream, new StreamVersion(decoder.ReadVarint()));
            default:
                throw new DaybookException(ErrorCode.Corrupted, $"The record at {position} is of kind {cursor.Kind} and holds no outcome.");
        }
    }
}

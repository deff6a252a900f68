using Daybook.Core.Journals;
using Daybook.Core.Records;

namespace Daybook.Core.Transactions;

/// <summary>The other partitions of a transaction, as its decision record names them.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Participants">The participants that got events.</param>
internal sealed record DecisionRecord(TransactionId Transaction, IReadOnlyCollection<PartitionId> Participants)
{
    /// <summary>Reads the record of an offset; null when it decided no transaction over several partitions.</summary>
    public static DecisionRecord? Read(JournalEntry entry, JournalOffset offset)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        for (var at = entry.Frame.First; at <= offset; at = at.Plus(1))
            cursor.MoveNext();
        if (cursor.Kind != RecordKind.Decision)
            return null;
        var decoder = new RecordDecoder(cursor.Body);
        return new DecisionRecord(TransactionRecords.ReadId(ref decoder), TransactionRecords.ReadParticipants(ref decoder));
    }
}

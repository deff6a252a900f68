using Daybook.Core.Records;

namespace Daybook.Core.Transactions;

/// <summary>The parts that the records of transactions share (docs/journal-format.md).</summary>
internal static class TransactionRecords
{
    public static void WriteId(RecordEncoder encoder, TransactionId id)
    {
        encoder.WriteVarint(id.Coordinator.Value);
        encoder.WriteVarint(id.CoordinatorEpoch.Value);
        encoder.WriteVarint(id.Number);
    }

    public static TransactionId ReadId(ref RecordDecoder decoder) =>
        new(new PartitionId(decoder.ReadCount()), new Epoch(decoder.ReadVarint()), decoder.ReadVarint());

    public static void WriteParticipants(RecordEncoder encoder, IReadOnlyCollection<PartitionId> participants)
    {
        encoder.WriteVarint(participants.Count);
        foreach (var participant in participants)
            encoder.WriteVarint(participant.Value);
    }

    public static List<PartitionId> ReadParticipants(ref RecordDecoder decoder)
    {
        var participants = new List<PartitionId>();
        for (var count = decoder.ReadCount(); count > 0; count--)
            participants.Add(new PartitionId(decoder.ReadCount()));
        return participants;
    }
}

/// <summary>A participant's note of how a transaction ended.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Committed">True for commit.</param>
/// <param name="PreparedAt">Where its events stand.</param>
internal readonly record struct ResolvedRecord(TransactionId Transaction, bool Committed, Location PreparedAt)
{
    public void Write(RecordEncoder encoder)
    {
        TransactionRecords.WriteId(encoder, Transaction);
        encoder.WriteByte(Committed ? (byte)1 : (byte)0);
        EventGroup.WriteLocation(encoder, PreparedAt);
    }

    public static ResolvedRecord Read(ref RecordDecoder decoder) =>
        new(TransactionRecords.ReadId(ref decoder), decoder.ReadByte() == 1, EventGroup.ReadLocation(ref decoder));
}

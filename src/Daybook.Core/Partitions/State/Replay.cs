using Daybook.Core.Records;
using Daybook.Core.Journals;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions.State;

/// <summary>
/// Folds journal records into a <see cref="PartitionState"/>. Applying a record twice changes nothing more than applying it once, which
/// is what lets a recovery point be taken while the partition goes on.
/// </summary>
internal sealed class Replay(PartitionState state)
{
    public void Apply(JournalEntry entry, JournalOffset from)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        var offset = entry.Frame.First;
        while (cursor.MoveNext())
        {
            if (offset >= from)
                Apply(cursor.Kind, cursor.Body, new Location(entry.Ledger, entry.Entry, cursor.Start));
            offset = offset.Plus(1);
        }
        if (offset != entry.Frame.Next)
            throw new DaybookException(ErrorCode.Corrupted,
                $"Entry {entry.Entry} of ledger {entry.Ledger} holds {offset.Value - entry.Frame.First.Value} records; its frame states {entry.Frame.Count}.");
    }

    private void Apply(RecordKind kind, ReadOnlySpan<byte> body, Location at)
    {
        var decoder = new RecordDecoder(body);
        switch (kind)
        {
            case RecordKind.Events:
                state.Commands.Add(CommandHeader.Skip(ref decoder), at);
                decoder.ReadVarint();
                ApplyGroups(ref decoder, at);
                break;
            case RecordKind.Rejected or RecordKind.Conflict:
                state.Commands.Add(CommandHeader.Skip(ref decoder), at);
                break;
            case RecordKind.Prepared:
                ApplyPrepared(ref decoder, at);
                break;
            case RecordKind.Decision:
                ApplyDecision(ref decoder, at);
                break;
            case RecordKind.Resolved:
                var resolved = ResolvedRecord.Read(ref decoder);
                Resolve(resolved, at);
                break;
            case RecordKind.End:
                state.Decided.Remove(TransactionRecords.ReadId(ref decoder));
                break;
            case RecordKind.Snapshot:
                var head = state.Streams.GetOrAdd(decoder.ReadBytes());
                (head.SnapshotVersion, head.Snapshot) = (decoder.ReadVarint(), at);
                break;
            default:
                throw new DaybookException(ErrorCode.Corrupted, $"A journal record of the unknown kind {(int)kind} stands in ledger {at.Ledger}.");
        }
    }

    /// <summary>Lets go of a prepared transaction; a commit moves its streams on, and they are found through the resolving record.</summary>
    private void Resolve(ResolvedRecord resolved, Location at)
    {
        if (!state.Prepared.Remove(resolved.Transaction, out var prepared) || !resolved.Committed)
            return;
        foreach (var write in prepared.Writes)
            Advance(state.Streams.GetOrAdd(write.Stream), write.LastVersion, at);
    }

    private void ApplyGroups(ref RecordDecoder decoder, Location at)
    {
        for (var groups = decoder.ReadCount(); groups > 0; groups--)
        {
            var group = EventGroup.Read(ref decoder);
            Advance(state.Streams.GetOrAdd(group.Stream), group.LastVersion, at);
        }
    }

    private void ApplyPrepared(ref RecordDecoder decoder, Location at)
    {
        var id = TransactionRecords.ReadId(ref decoder);
        CommandHeader.Skip(ref decoder);
        var writes = new List<PreparedWrite>();
        for (var groups = decoder.ReadCount(); groups > 0; groups--)
        {
            var group = EventGroup.Read(ref decoder);
            writes.Add(new PreparedWrite(state.Streams.GetOrAdd(group.Stream).Name, group.LastVersion));
        }
        state.Prepared[id] = new PreparedTransaction(id, at, writes);
    }

    private void ApplyDecision(ref RecordDecoder decoder, Location at)
    {
        var id = TransactionRecords.ReadId(ref decoder);
        var participants = TransactionRecords.ReadParticipants(ref decoder);
        state.Decided[id] = participants;
        state.Commands.Add(CommandHeader.Skip(ref decoder), at);
        decoder.ReadVarint();
        ApplyGroups(ref decoder, at);
    }

    private static void Advance(StreamHead head, long version, Location at)
    {
        if (version > head.Version)
            (head.Version, head.Last) = (version, at);
    }
}

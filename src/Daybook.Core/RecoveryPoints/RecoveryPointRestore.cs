using Daybook.Core.Partitions.State;
using Daybook.Core.Records;
using Daybook.Core.Transactions;

namespace Daybook.Core.RecoveryPoints;

/// <summary>Reads a recovery point's entries back into a state.</summary>
internal sealed class RecoveryPointRestore(PartitionState state)
{
    private const int LeastWriteBytes = 2;

    /// <summary>True once the last record was seen; before that the recovery point is not whole.</summary>
    public bool IsComplete { get; private set; }

    public void Apply(ReadOnlySpan<byte> entry)
    {
        var cursor = new RecordCursor(entry);
        while (cursor.MoveNext())
            Apply(cursor.Kind, cursor.Body);
    }

    private void Apply(RecordKind kind, ReadOnlySpan<byte> body)
    {
        var decoder = new RecordDecoder(body);
        switch (kind)
        {
            case RecordKind.RecoveryCommands:
                for (var count = decoder.ReadCount(); count > 0; count--)
                    state.Commands.Add(new CommandId(decoder.ReadGuid()), EventGroup.ReadLocation(ref decoder));
                break;
            case RecordKind.RecoveryPrepared:
                ReadPrepared(ref decoder);
                break;
            case RecordKind.RecoveryDecided:
                state.Decided[TransactionRecords.ReadId(ref decoder)] = TransactionRecords.ReadParticipants(ref decoder);
                break;
            case RecordKind.RecoveryStreams:
                ReadStreams(ref decoder);
                break;
            case RecordKind.RecoveryEnd:
                IsComplete = true;
                break;
            default:
                throw new DaybookException(ErrorCode.Corrupted, $"A record of the unknown kind {(int)kind} stands in a recovery point.");
        }
    }

    private void ReadPrepared(ref RecordDecoder decoder)
    {
        var id = TransactionRecords.ReadId(ref decoder);
        var at = EventGroup.ReadLocation(ref decoder);
        var writes = new PreparedWrite[decoder.ReadCountOf(LeastWriteBytes)];
        for (var i = 0; i < writes.Length; i++)
            writes[i] = new PreparedWrite(decoder.ReadText(), decoder.ReadVarint());
        state.Prepared[id] = new PreparedTransaction(id, at, writes);
    }

    private void ReadStreams(ref RecordDecoder decoder)
    {
        while (!decoder.AtEnd)
        {
            var head = state.Streams.GetOrAdd(decoder.ReadBytes());
            head.Version = decoder.ReadVarint();
            head.Last = EventGroup.ReadLocation(ref decoder);
            head.SnapshotVersion = decoder.ReadVarint();
            head.Snapshot = EventGroup.ReadLocation(ref decoder);
        }
    }
}

using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Serialization;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>
/// Writes records into the open batch. A record that cannot be written (a serializer fails, it is too large) leaves no byte behind and
/// comes out as a <see cref="DaybookException"/>.
/// </summary>
internal sealed class Recorder(PartitionMachine machine, EventCodec codec, PartitionLimits limits)
{
    /// <summary>A command and its events in this partition, which is all of it.</summary>
    public Location Events(WriteWork work, ReadOnlySpan<StreamWrite> writes, long resultVersion)
    {
        var entry = Begin(RecordKind.Events, out var at);
        try
        {
            work.Header(machine.Now).Write(entry.Encoder);
            entry.Encoder.WriteVarint(resultVersion);
            WriteGroups(entry.Encoder, writes);
        }
        catch (DaybookException)
        {
            entry.Abandon();
            throw;
        }
        return Finish(entry, at);
    }

    public Location Rejected(WriteWork work, string reason, string? detail)
    {
        var entry = Begin(RecordKind.Rejected, out var at);
        work.Header(machine.Now).Write(entry.Encoder);
        entry.Encoder.WriteText(reason);
        entry.Encoder.WriteByte(detail is null ? (byte)0 : (byte)1);
        if (detail is not null)
            entry.Encoder.WriteText(detail);
        return Finish(entry, at);
    }

    public Location Conflict(WriteWork work, StreamHead head)
    {
        var entry = Begin(RecordKind.Conflict, out var at);
        work.Header(machine.Now).Write(entry.Encoder);
        entry.Encoder.WriteText(head.Name);
        entry.Encoder.WriteVarint(head.Version);
        return Finish(entry, at);
    }

    public Location Prepared(PrepareMessage prepare)
    {
        var entry = Begin(RecordKind.Prepared, out var at);
        try
        {
            TransactionRecords.WriteId(entry.Encoder, prepare.Transaction);
            prepare.Header.Write(entry.Encoder);
            WriteGroups(entry.Encoder, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(prepare.Writes));
        }
        catch (DaybookException)
        {
            entry.Abandon();
            throw;
        }
        return Finish(entry, at);
    }

    public Location Decision(
        TransactionId id, IReadOnlyCollection<PartitionId> participants, WriteWork work, ReadOnlySpan<StreamWrite> writes, long resultVersion)
    {
        var entry = Begin(RecordKind.Decision, out var at);
        try
        {
            TransactionRecords.WriteId(entry.Encoder, id);
            TransactionRecords.WriteParticipants(entry.Encoder, participants);
            work.Header(machine.Now).Write(entry.Encoder);
            entry.Encoder.WriteVarint(resultVersion);
            WriteGroups(entry.Encoder, writes);
        }
        catch (DaybookException)
        {
            entry.Abandon();
            throw;
        }
        return Finish(entry, at);
    }

    public Location Resolved(ResolvedRecord resolved)
    {
        var entry = Begin(RecordKind.Resolved, out var at);
        resolved.Write(entry.Encoder);
        return Finish(entry, at);
    }

    public void End(TransactionId id)
    {
        var entry = Begin(RecordKind.End, out var at);
        TransactionRecords.WriteId(entry.Encoder, id);
        Finish(entry, at);
    }

    /// <summary>Writes the state of a stream if its last snapshot lies far enough back.</summary>
    public void SnapshotIfDue(StreamHead head, object state)
    {
        if (limits.SnapshotEvery == 0 || head.Version - head.SnapshotVersion < limits.SnapshotEvery)
            return;
        var entry = Begin(RecordKind.Snapshot, out var at);
        try
        {
            SnapshotRecord.Write(entry.Encoder, head.Name, head.Version, StateFingerprint.Of(state.GetType()), state, codec.Serializer);
            Finish(entry, at);
            (head.SnapshotVersion, head.Snapshot) = (head.Version, at);
        }
        catch (DaybookException)
        {
            // A state that cannot be written costs speed, not truth: the events are there. The next try comes after as many more.
            entry.Abandon();
            head.SnapshotVersion = head.Version;
            head.Snapshot = Location.None;
        }
    }

    private void WriteGroups(RecordEncoder encoder, ReadOnlySpan<StreamWrite> writes)
    {
        encoder.WriteVarint(writes.Length);
        foreach (var write in writes)
        {
            var name = write.Stream.Value;
            var place = EventGroup.Begin(encoder, name, write.FirstVersion, write.Events.Count, machine.State.Streams.GetOrAdd(name).Last);
            foreach (var @event in write.Events)
                codec.Write(encoder, @event);
            EventGroup.End(encoder, place);
        }
    }

    private EntryBuilder Begin(RecordKind kind, out Location at)
    {
        if (machine.Batches.Open.Entry.Encoder.Length > limits.BatchBytes)
            machine.Submit();
        var entry = machine.Batches.Open.Entry;
        at = entry.Begin(kind);
        return entry;
    }

    private Location Finish(EntryBuilder entry, Location at)
    {
        if (entry.RecordBytes > limits.MaxRecordBytes)
        {
            var size = entry.RecordBytes;
            entry.Abandon();
            throw new DaybookException(ErrorCode.TooLarge,
                $"The record of this command has {size} bytes; the limit is {limits.MaxRecordBytes} (option MaxRecordBytes).");
        }
        entry.Complete();
        return at;
    }
}

using System.Runtime.InteropServices;
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
internal sealed class Recorder(PartitionMachine machine, EventCodec codec, PartitionLimits limits, IPartitionEffects effects)
{
    /// <summary>A command and its events in this partition, which is all of it.</summary>
    public Location Events(WriteWork work, ReadOnlySpan<StreamWrite> writes, long resultVersion)
    {
        using var record = Begin(RecordKind.Events);
        work.Header(machine.Now).Write(record.Encoder);
        record.Encoder.WriteVarint(resultVersion);
        WriteGroups(record.Encoder, writes, work);
        return record.Commit();
    }

    /// <summary>A command and its events, all in one stream.</summary>
    public Location Events(WriteWork work, StreamHead head, in StreamWrite write)
    {
        using var record = Begin(RecordKind.Events);
        work.Header(machine.Now).Write(record.Encoder);
        record.Encoder.WriteVarint(write.LastVersion);
        record.Encoder.WriteVarint(1);
        WriteGroup(record.Encoder, head, write, work);
        return record.Commit();
    }

    public Location Rejected(WriteWork work, string reason, string? detail)
    {
        using var record = Begin(RecordKind.Rejected);
        work.Header(machine.Now).Write(record.Encoder);
        record.Encoder.WriteText(reason);
        record.Encoder.WriteByte(detail is null ? (byte)0 : (byte)1);
        if (detail is not null)
            record.Encoder.WriteText(detail);
        return record.Commit();
    }

    public Location Conflict(WriteWork work, StreamHead head)
    {
        using var record = Begin(RecordKind.Conflict);
        work.Header(machine.Now).Write(record.Encoder);
        record.Encoder.WriteText(head.Name);
        record.Encoder.WriteVarint(head.Version);
        return record.Commit();
    }

    public Location Prepared(PrepareMessage prepare)
    {
        using var record = Begin(RecordKind.Prepared);
        TransactionRecords.WriteId(record.Encoder, prepare.Transaction);
        prepare.Header.Write(record.Encoder);
        WriteGroups(record.Encoder, CollectionsMarshal.AsSpan(prepare.Writes), null);
        return record.Commit();
    }

    public Location Decision(
        TransactionId id, IReadOnlyCollection<PartitionId> participants, WriteWork work, ReadOnlySpan<StreamWrite> writes, long resultVersion)
    {
        using var record = Begin(RecordKind.Decision);
        TransactionRecords.WriteId(record.Encoder, id);
        TransactionRecords.WriteParticipants(record.Encoder, participants);
        work.Header(machine.Now).Write(record.Encoder);
        record.Encoder.WriteVarint(resultVersion);
        WriteGroups(record.Encoder, writes, work);
        return record.Commit();
    }

    public Location Resolved(ResolvedRecord resolved)
    {
        using var record = Begin(RecordKind.Resolved);
        resolved.Write(record.Encoder);
        return record.Commit();
    }

    public void End(TransactionId id)
    {
        using var record = Begin(RecordKind.End);
        TransactionRecords.WriteId(record.Encoder, id);
        record.Commit();
    }

    /// <summary>Writes the state of a stream that was just changed if its last snapshot lies far enough back.</summary>
    public void SnapshotIfDue(StreamHead head, AggregateModel model, object state)
    {
        var hot = head.Hot!;
        if (limits.SnapshotEvery == 0 || head.Version - Math.Max(head.SnapshotVersion, hot.SnapshotTriedAt) < limits.SnapshotEvery)
            return;
        hot.SnapshotTriedAt = head.Version;
        try
        {
            Snapshot(head, model, state);
        }
        catch (DaybookException)
        {
            // A state that cannot be written costs speed, not truth: the last snapshot and the events since are there.
        }
    }

    /// <summary>Writes the state of a stream, which is in use.</summary>
    public void Snapshot(StreamHead head, AggregateModel model, object state)
    {
        using var record = Begin(RecordKind.Snapshot);
        effects.EnterHandler(null);
        try
        {
            SnapshotRecord.Write(record.Encoder, head.Name, head.Version, StateFingerprint.Of(model.StateType), model.Form, state);
        }
        catch (Exception e) when (e is not DaybookException)
        {
            throw Unwritable($"The state of stream '{head.Name}'", e);
        }
        finally
        {
            effects.LeaveHandler();
        }
        (head.Snapshot, head.SnapshotVersion) = (record.Commit(), head.Version);
        head.Hot!.ChangedIn = machine.Batches.Open.Number; // the snapshot may have gone into the entry after that of its events
    }

    private void WriteGroups(RecordEncoder encoder, ReadOnlySpan<StreamWrite> writes, WriteWork? work)
    {
        encoder.WriteVarint(writes.Length);
        foreach (var write in writes)
            WriteGroup(encoder, machine.State.Streams.GetOrAdd(write.Stream.Value), write, work);
    }

    /// <summary>Calls the serializer, which is user code: it may throw anything, or not return.</summary>
    private void WriteGroup(RecordEncoder encoder, StreamHead head, in StreamWrite write, WriteWork? work)
    {
        var place = EventGroup.Begin(encoder, head.Name, write.FirstVersion, write.Events.Count, head.Last);
        effects.EnterHandler(work);
        try
        {
            foreach (var @event in write.Events)
                codec.Write(encoder, @event);
        }
        catch (Exception e) when (e is not DaybookException)
        {
            throw Unwritable($"An event of stream '{head.Name}'", e);
        }
        finally
        {
            effects.LeaveHandler();
        }
        EventGroup.End(encoder, place);
    }

    private static DaybookException Unwritable(string what, Exception e) =>
        new(ErrorCode.HandlerFailed, $"{what} cannot be serialized: {ExceptionText.Of(e)}", e);

    private RecordScope Begin(RecordKind kind)
    {
        if (machine.Batches.Open.Entry.Encoder.Length > limits.BatchBytes)
            machine.Submit();
        return new RecordScope(machine.Batches.Open.Entry, kind, limits.MaxRecordBytes);
    }
}

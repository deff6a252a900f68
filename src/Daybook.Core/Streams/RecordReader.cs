using Daybook.Core.Journals;
using Daybook.Core.Records;
using Daybook.Core.Transactions;

namespace Daybook.Core.Streams;

/// <summary>
/// Follows locations into the journal. Keeps the entries it read last, since the records of one stream often share them; one reader serves
/// one operation.
/// </summary>
internal sealed class RecordReader(Journal journal)
{
    private const int Kept = 8;
    private const int LeastGroupBytes = 8;
    private readonly Queue<JournalEntry> _recent = new(Kept);

    /// <summary>The events of a stream that a record holds or resolves.</summary>
    public async ValueTask<StreamSlice> ReadSliceAsync(Location at, string stream, CancellationToken cancellationToken)
    {
        var entry = await EntryAsync(at, cancellationToken).ConfigureAwait(false);
        var slices = await SlicesAsync(entry, at, OffsetOf(entry, at), cancellationToken).ConfigureAwait(false);
        return slices.FirstOrDefault(slice => slice.Stream.Value == stream)
            ?? throw new DaybookException(ErrorCode.Corrupted, $"The record at {at} holds no event of stream '{stream}', though it should.");
    }

    /// <summary>All events that a record makes visible, by stream; none for records that hold no events.</summary>
    public async ValueTask<IReadOnlyList<StreamSlice>> SlicesAsync(
        JournalEntry entry, Location at, JournalOffset offset, CancellationToken cancellationToken)
    {
        if (Resolution(entry, at.Byte) is not { } resolved)
            return VisibleSlices(entry, at.Byte, offset);
        if (!resolved.Committed)
            return [];
        var prepared = await EntryAsync(resolved.PreparedAt, cancellationToken).ConfigureAwait(false);
        return PreparedSlices(prepared, resolved.PreparedAt.Byte, offset);
    }

    /// <summary>A snapshot's bytes, and the shape of the state that was written.</summary>
    public async ValueTask<StoredSnapshot> ReadSnapshotAsync(Location at, CancellationToken cancellationToken)
    {
        var entry = await EntryAsync(at, cancellationToken).ConfigureAwait(false);
        return Snapshot(entry, at.Byte);
    }

    /// <summary>The outcome in a command's record.</summary>
    public async ValueTask<Outcome> ReadOutcomeAsync(PartitionId partition, Location at, CancellationToken cancellationToken) =>
        (await ReadCommandAsync(partition, at, cancellationToken).ConfigureAwait(false)).Outcome;

    /// <summary>The outcome of a command and its fingerprint, 0 when its record has none.</summary>
    public async ValueTask<(Outcome Outcome, ulong Fingerprint)> ReadCommandAsync(PartitionId partition, Location at, CancellationToken cancellationToken)
    {
        var entry = await EntryAsync(at, cancellationToken).ConfigureAwait(false);
        return (OutcomeRecord.Read(entry, at.Byte, new Position(partition, OffsetOf(entry, at)), out var fingerprint), fingerprint);
    }

    private async ValueTask<JournalEntry> EntryAsync(Location at, CancellationToken cancellationToken)
    {
        foreach (var recent in _recent)
        {
            if (recent.Ledger == at.Ledger && recent.Entry == at.Entry)
                return recent;
        }
        var read = await journal.ReadAsync(at.Ledger, at.Entry, cancellationToken).ConfigureAwait(false);
        var entry = new JournalEntry(at.Ledger, at.Entry, EntryFrame.Open(read.Data.Span, at.Ledger, read.Id), read.Data);
        if (_recent.Count == Kept)
            _recent.Dequeue();
        _recent.Enqueue(entry);
        return entry;
    }

    private static JournalOffset OffsetOf(JournalEntry entry, Location at)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        var offset = entry.Frame.First;
        while (cursor.MoveNext())
        {
            if (cursor.Start == at.Byte)
                return offset;
            offset = offset.Plus(1);
        }
        throw new DaybookException(ErrorCode.Corrupted, $"No journal record stands at {at}.");
    }

    private static ResolvedRecord? Resolution(JournalEntry entry, int place)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        cursor.MoveTo(place);
        var decoder = new RecordDecoder(cursor.Body);
        return cursor.Kind == RecordKind.Resolved ? ResolvedRecord.Read(ref decoder) : null;
    }

    private static StreamSlice[] VisibleSlices(JournalEntry entry, int place, JournalOffset offset)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        cursor.MoveTo(place);
        if (cursor.Kind is not (RecordKind.Events or RecordKind.Decision))
            return [];
        var decoder = new RecordDecoder(cursor.Body);
        if (cursor.Kind == RecordKind.Decision)
        {
            TransactionRecords.ReadId(ref decoder);
            TransactionRecords.ReadParticipants(ref decoder);
        }
        var metadata = CommandHeader.Read(ref decoder);
        decoder.ReadVarint();
        return Groups(entry, cursor, decoder, metadata, offset);
    }

    private static StreamSlice[] PreparedSlices(JournalEntry entry, int place, JournalOffset offset)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        cursor.MoveTo(place);
        if (cursor.Kind != RecordKind.Prepared)
            throw new DaybookException(ErrorCode.Corrupted, $"A transaction points to byte {place} of entry {entry.Entry}, where nothing was prepared.");
        var decoder = new RecordDecoder(cursor.Body);
        TransactionRecords.ReadId(ref decoder);
        var metadata = CommandHeader.Read(ref decoder);
        return Groups(entry, cursor, decoder, metadata, offset);
    }

    private static StreamSlice[] Groups(
        JournalEntry entry, RecordCursor cursor, RecordDecoder decoder, EventMetadata metadata, JournalOffset offset)
    {
        var slices = new StreamSlice[decoder.ReadCountOf(LeastGroupBytes)];
        for (var i = 0; i < slices.Length; i++)
        {
            var group = EventGroup.Read(ref decoder);
            var events = entry.Data.Slice(cursor.BodyStart + group.EventsStart, group.Events.Length);
            var stream = decoder.Stream(group.Stream);
            slices[i] = new StreamSlice(stream, group.FirstVersion, group.Count, group.Previous, offset, metadata, events);
        }
        return slices;
    }

    private static StoredSnapshot Snapshot(JournalEntry entry, int place)
    {
        var cursor = new RecordCursor(entry.Data.Span);
        cursor.MoveTo(place);
        var decoder = new RecordDecoder(cursor.Body);
        var snapshot = SnapshotRecord.Read(ref decoder);
        return new StoredSnapshot(snapshot.Fingerprint, snapshot.State.ToArray());
    }
}

/// <summary>A snapshot as it is stored.</summary>
/// <param name="Fingerprint">The shape of the state that was written.</param>
/// <param name="State">The state's stored form.</param>
internal readonly record struct StoredSnapshot(long Fingerprint, ReadOnlyMemory<byte> State);

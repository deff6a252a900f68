using Daybook.Core.Partitions.State;
using Daybook.Core.Records;
using Daybook.Core.Transactions;

namespace Daybook.Core.RecoveryPoints;

/// <summary>
/// Writes down what an owner knows, a slice at a time, while the partition goes on. Commands and transactions are taken in one step, at
/// <see cref="Offset"/>; streams are taken as each slice comes by, so they may be further on. Replaying from the offset makes up for it,
/// because a record applied twice changes nothing (invariant J6).
/// </summary>
internal sealed class RecoveryPointCapture : IDisposable
{
    private const int CommandsPerRecord = 4096;
    private const int EntryBytes = 512 * 1024;
    private readonly StreamHead[] _streams;
    private readonly LedgerId _ledger;
    private readonly PartitionState _state;
    private readonly Queue<EntryBuilder> _full = [];
    private EntryBuilder _open;
    private int _next;
    private uint _entry;

    /// <param name="state">The owner's state, with all records before <paramref name="offset"/> applied.</param>
    /// <param name="offset">Where a replay has to begin.</param>
    /// <param name="ledger">The ledger it goes to.</param>
    public RecoveryPointCapture(PartitionState state, JournalOffset offset, LedgerId ledger)
    {
        (_state, Offset, _ledger) = (state, offset, ledger);
        _streams = [.. state.Streams.All];
        _open = NewEntry();
        WriteCommands();
        WriteTransactions();
    }

    public JournalOffset Offset { get; }

    /// <summary>Gives out the next entry, sealed, for the caller to write and dispose; null when everything has been taken.</summary>
    /// <param name="streams">The most streams in this slice.</param>
    /// <param name="epoch">The owner's epoch.</param>
    public EntryBuilder? Next(int streams, Epoch epoch)
    {
        while (_full.Count == 0 && _next <= _streams.Length)
        {
            if (_next < _streams.Length)
                WriteStreams(streams);
            else
                WriteEnd();
            TurnPage();
        }
        if (!_full.TryDequeue(out var entry))
            return null;
        entry.Seal(epoch);
        return entry;
    }

    public void Dispose()
    {
        _open.Dispose();
        foreach (var entry in _full)
            entry.Dispose();
    }

    private EntryBuilder NewEntry() => new(_ledger, _entry++, Offset, new RecordEncoder(256 * 1024));

    /// <summary>Ends the open entry and begins another.</summary>
    private void TurnPage()
    {
        _full.Enqueue(_open);
        _open = NewEntry();
    }

    private void TurnPageIfFull()
    {
        if (_open.Encoder.Length > EntryBytes)
            TurnPage();
    }

    private void WriteCommands()
    {
        foreach (var commands in _state.Commands.InOrder().Chunk(CommandsPerRecord))
        {
            _open.Begin(RecordKind.RecoveryCommands);
            _open.Encoder.WriteVarint(commands.Length);
            foreach (var (id, at) in commands)
            {
                _open.Encoder.WriteGuid(id);
                EventGroup.WriteLocation(_open.Encoder, at);
            }
            _open.Complete();
            TurnPageIfFull();
        }
    }

    private void WriteTransactions()
    {
        foreach (var prepared in _state.Prepared.Values)
        {
            _open.Begin(RecordKind.RecoveryPrepared);
            TransactionRecords.WriteId(_open.Encoder, prepared.Id);
            EventGroup.WriteLocation(_open.Encoder, prepared.At);
            _open.Encoder.WriteVarint(prepared.Writes.Count);
            foreach (var write in prepared.Writes)
            {
                _open.Encoder.WriteText(write.Stream);
                _open.Encoder.WriteVarint(write.LastVersion);
            }
            _open.Complete();
            TurnPageIfFull();
        }
        foreach (var (id, participants) in _state.Decided)
        {
            _open.Begin(RecordKind.RecoveryDecided);
            TransactionRecords.WriteId(_open.Encoder, id);
            TransactionRecords.WriteParticipants(_open.Encoder, participants);
            _open.Complete();
            TurnPageIfFull();
        }
    }

    private void WriteStreams(int most)
    {
        var slice = _streams.AsSpan(_next, Math.Min(most, _streams.Length - _next));
        _next += slice.Length;
        _open.Begin(RecordKind.RecoveryStreams);
        foreach (var head in slice)
        {
            if (head.Version == 0)
                continue;
            _open.Encoder.WriteText(head.Name);
            _open.Encoder.WriteVarint(head.Version);
            EventGroup.WriteLocation(_open.Encoder, head.Last);
            _open.Encoder.WriteVarint(head.SnapshotVersion);
            EventGroup.WriteLocation(_open.Encoder, head.Snapshot);
        }
        _open.Complete();
    }

    private void WriteEnd()
    {
        _next = _streams.Length + 1;
        _open.Begin(RecordKind.RecoveryEnd);
        _open.Encoder.WriteVarint(_streams.Length);
        _open.Complete();
    }
}

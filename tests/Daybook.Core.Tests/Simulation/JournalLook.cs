using Daybook.Coordination;
using Daybook.Core.Journals;
using Daybook.Core.Records;
using Daybook.Core.Transactions;
using Daybook.Ledgers;

namespace Daybook.Core.Tests.Simulation;

/// <summary>A journal as it is in the store at this moment, looked at from outside.</summary>
internal sealed class JournalLook(JournalManifest manifest, IReadOnlyList<JournalEntry> entries)
{
    public JournalManifest Manifest => manifest;

    public IReadOnlyList<JournalEntry> Entries => entries;

    /// <returns>Null when the partition never had an owner.</returns>
    public static JournalLook? At(ILedgerStore store, ICoordinator coordinator, PartitionId partition)
    {
        var key = $"journals/{partition}";
        if (Done.Of(coordinator.ReadAsync(key)) is not { } found)
            return null;
        var record = JournalManifest.Parse(key, found.Value.Span);
        var entries = new List<JournalEntry>();
        foreach (var ledger in record.Ledgers)
        {
            var reader = Done.Of(store.OpenAsync(ledger.Id));
            for (var id = new EntryId(0); id <= reader.LastAddConfirmed; id = id.Next)
            {
                var data = Done.Of(reader.ReadAsync(id)).Data;
                entries.Add(new JournalEntry(ledger.Id, (uint)id.Value, EntryFrame.Open(data.Span, ledger.Id, id), data));
            }
        }
        return new JournalLook(record, entries);
    }
}

/// <summary>Finds a command's record by reading everything.</summary>
internal static class RecordSearch
{
    /// <summary>The epoch of the owner that recorded a command; null when no record of it is durable.</summary>
    public static Epoch? EpochOf(JournalLook journal, CommandId id)
    {
        foreach (var entry in journal.Entries)
        {
            var cursor = new RecordCursor(entry.Data.Span);
            while (cursor.MoveNext())
            {
                if (CommandOf(cursor) == id)
                    return entry.Frame.Epoch;
            }
        }
        return null;
    }

    private static CommandId? CommandOf(RecordCursor cursor)
    {
        var decoder = new RecordDecoder(cursor.Body);
        switch (cursor.Kind)
        {
            case RecordKind.Decision:
                TransactionRecords.ReadId(ref decoder);
                TransactionRecords.ReadParticipants(ref decoder);
                return CommandHeader.Skip(ref decoder);
            case RecordKind.Events or RecordKind.Rejected or RecordKind.Conflict:
                return CommandHeader.Skip(ref decoder);
            default:
                return null;
        }
    }
}

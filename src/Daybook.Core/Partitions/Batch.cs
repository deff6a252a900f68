using Daybook.Core.Records;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>The records that go into one journal entry, and what may be answered once that entry is accepted or durable.</summary>
/// <param name="number">Counts up from 1 within an ownership.</param>
/// <param name="entry">The entry being built.</param>
/// <param name="like">One that probably held about as much; null when there is none.</param>
internal sealed class Batch(long number, EntryBuilder entry, Batch? like)
{
    /// <summary>Counts up from 1 within an ownership.</summary>
    public long Number { get; } = number;

    public EntryBuilder Entry { get; } = entry;

    /// <summary>Outcomes that become true with this entry.</summary>
    public List<KeyValuePair<WriteWork, Outcome>> Outcomes { get; } = new(like?.Outcomes.Count ?? 0);

    /// <summary>Reads that saw what this entry makes durable.</summary>
    public List<KeyValuePair<ReadWork, StreamView>> Reads { get; } = [];

    /// <summary>Work that can only go on once this entry is durable.</summary>
    public List<WorkItem> Resume { get; } = [];

    /// <summary>Messages that rest on this entry.</summary>
    public List<TransactionMessage> Messages { get; } = new(like?.Messages.Count ?? 0);

    /// <summary>Messages that must wait for durability even where the store keeps one order.</summary>
    public List<TransactionMessage> DurableMessages { get; } = new(like?.DurableMessages.Count ?? 0);

    /// <summary>True when there is anything to write.</summary>
    public bool HasRecords => Entry.Count > 0;
}

using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>
/// What a <see cref="PartitionMachine"/> asks of the world. Calls only note the wish; nothing calls back into the machine before it has
/// returned.
/// </summary>
internal interface IPartitionEffects
{
    /// <summary>
    /// False when a later owner may be at work: nothing may be answered from memory then, only what an append or a record proves (invariant
    /// F4).
    /// </summary>
    bool IsSurelyOwner { get; }

    /// <summary>Writes the batch's entry; later report <see cref="PartitionMachine.Accepted"/>, then <see cref="PartitionMachine.Durable"/>.</summary>
    void Append(Batch batch);

    /// <summary>Carries a message to another partition, or loses it.</summary>
    void Send(TransactionMessage message);

    /// <summary>Folds a stream's durable events; later report <see cref="PartitionMachine.Loaded"/>.</summary>
    void Load(StreamHead head, AggregateModel model);

    /// <summary>Answers commands whose records are durable. The list belongs to the callee.</summary>
    void Answer(List<KeyValuePair<WriteWork, Outcome>> answers);

    /// <summary>Answers a retried command from its record.</summary>
    void AnswerFromRecord(WriteWork work, Location record);

    /// <summary>Records before this offset are durable now.</summary>
    void Advanced(JournalOffset head);

    /// <summary>User code begins, for this work or for none; until <see cref="LeaveHandler"/> the machine may be taken away.</summary>
    void EnterHandler(WriteWork? work);

    /// <summary>User code is over. Throws <see cref="OwnershipLostException"/> when the machine was taken away meanwhile.</summary>
    void LeaveHandler();
}

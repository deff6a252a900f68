using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;

namespace Daybook.Core.Transactions;

/// <summary>
/// A message of the two-phase commit protocol. Messages may be lost, doubled, late or out of order; each names its attempt and the epoch of
/// the participant it was meant for, so a stale one is recognised and dropped (invariant T5).
/// </summary>
/// <param name="transaction">The attempt.</param>
/// <param name="to">The partition it goes to.</param>
internal abstract class TransactionMessage(TransactionId transaction, PartitionId to) : WorkItem
{
    public TransactionId Transaction { get; } = transaction;

    public PartitionId To { get; } = to;

    /// <summary>The other side asks again when it hears that this partition has an owner.</summary>
    public override void Refuse(DaybookException why)
    {
    }
}

/// <summary>The coordinator asks a participant to lock streams and return their states.</summary>
internal sealed class LockMessage(TransactionId transaction, PartitionId to, Target[] targets) : TransactionMessage(transaction, to)
{
    public Target[] Targets { get; } = targets;

    public override void Run(PartitionMachine machine) => machine.Transactions.Participant.Lock(this);
}

/// <summary>A participant has locked the streams.</summary>
/// <param name="transaction">The attempt.</param>
/// <param name="from">The participant.</param>
/// <param name="epoch">Its epoch; a prepare must name it.</param>
/// <param name="states">States in the order of the targets.</param>
/// <param name="versions">Versions in that order.</param>
/// <param name="error">Why the streams cannot be given; null when they were.</param>
internal sealed class GrantMessage(
    TransactionId transaction, PartitionId from, Epoch epoch, object?[] states, long[] versions, DaybookException? error)
    : TransactionMessage(transaction, transaction.Coordinator)
{
    public PartitionId From { get; } = from;

    public Epoch Epoch { get; } = epoch;

    public object?[] States { get; } = states;

    public long[] Versions { get; } = versions;

    public DaybookException? Error { get; } = error;

    public override void Run(PartitionMachine machine) => machine.Transactions.Coordinator.Granted(this);
}

/// <summary>The coordinator asks a participant to record its events and vote.</summary>
/// <param name="transaction">The attempt.</param>
/// <param name="to">The participant.</param>
/// <param name="epoch">The epoch in which it granted the locks.</param>
/// <param name="header">The command's metadata.</param>
/// <param name="writes">The events, by target.</param>
internal sealed class PrepareMessage(
    TransactionId transaction, PartitionId to, Epoch epoch, CommandHeader header, List<StreamWrite> writes)
    : TransactionMessage(transaction, to)
{
    public Epoch Epoch { get; } = epoch;

    public CommandHeader Header { get; } = header;

    public List<StreamWrite> Writes { get; } = writes;

    public override void Run(PartitionMachine machine) => machine.Transactions.Participant.Prepare(this);
}

/// <summary>A participant's vote; it goes out only when its prepared record is safe.</summary>
/// <param name="transaction">The attempt.</param>
/// <param name="from">The participant.</param>
/// <param name="refusal">Null for yes; else why not.</param>
internal sealed class VoteMessage(TransactionId transaction, PartitionId from, DaybookException? refusal)
    : TransactionMessage(transaction, transaction.Coordinator)
{
    public PartitionId From { get; } = from;

    public DaybookException? Refusal { get; } = refusal;

    public override void Run(PartitionMachine machine) => machine.Transactions.Coordinator.Voted(this);
}

/// <summary>The coordinator sends the outcome: commit after the decision, or abort, which also releases locks before a vote.</summary>
internal sealed class DecisionMessage(TransactionId transaction, PartitionId to, bool commit) : TransactionMessage(transaction, to)
{
    public bool Commit { get; } = commit;

    public override void Run(PartitionMachine machine) => machine.Transactions.Participant.Resolve(this);
}

/// <summary>A participant that voted yes asks how it ended.</summary>
internal sealed class QueryMessage(TransactionId transaction, PartitionId from) : TransactionMessage(transaction, transaction.Coordinator)
{
    public PartitionId From { get; } = from;

    public override void Run(PartitionMachine machine) => machine.Transactions.Coordinator.Asked(this);
}

/// <summary>A participant has durably resolved; the coordinator may forget it.</summary>
internal sealed class AppliedMessage(TransactionId transaction, PartitionId from) : TransactionMessage(transaction, transaction.Coordinator)
{
    public PartitionId From { get; } = from;

    public override void Run(PartitionMachine machine) => machine.Transactions.Coordinator.Resolved(this);
}

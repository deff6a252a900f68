namespace Daybook.Core.Partitions.Work;

/// <summary>Something for a partition to do: a client's request, a message of a transaction, news of the ledger.</summary>
internal abstract class WorkItem
{
    public WorkItem? NextInMailbox { get; set; }

    /// <summary>Unlinks the first item of a list taken from a mailbox; null at its end.</summary>
    public static WorkItem? Next(ref WorkItem? list)
    {
        if (list is not { } item)
            return null;
        (list, item.NextInMailbox) = (item.NextInMailbox, null);
        return item;
    }

    /// <summary>It will be run next: what it needs from memory may be fetched meanwhile.</summary>
    public virtual void Foresee(PartitionMachine machine)
    {
    }

    /// <summary>Hands itself to the owner's machine.</summary>
    public abstract void Run(PartitionMachine machine);

    /// <summary>The partition has no owner here: answer without it.</summary>
    public abstract void Refuse(DaybookException why);
}

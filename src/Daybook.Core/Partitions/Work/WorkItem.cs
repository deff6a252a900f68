namespace Daybook.Core.Partitions.Work;

/// <summary>Something for a partition to do: a client's request, a message of a transaction, news of the ledger.</summary>
internal abstract class WorkItem
{
    public WorkItem? NextInMailbox { get; set; }

    /// <summary>Walks a list taken from a mailbox, unlinking each item before it is given out.</summary>
    public static IEnumerable<WorkItem> InOrder(WorkItem? oldest)
    {
        while (oldest is not null)
        {
            var item = oldest;
            (oldest, item.NextInMailbox) = (item.NextInMailbox, null);
            yield return item;
        }
    }

    /// <summary>Hands itself to the owner's machine.</summary>
    public abstract void Run(PartitionMachine machine);

    /// <summary>The partition has no owner here: answer without it.</summary>
    public abstract void Refuse(DaybookException why);
}

namespace Daybook.Core.Partitions.Work;

/// <summary>Many writers, one reader, no lock: writers push onto a list, the reader takes all of it in one step and reverses it.</summary>
internal sealed class Mailbox
{
    private WorkItem? _newest;

    public bool IsEmpty => Volatile.Read(ref _newest) is null;

    public void Post(WorkItem item)
    {
        var newest = Volatile.Read(ref _newest);
        while (true)
        {
            item.NextInMailbox = newest;
            var seen = Interlocked.CompareExchange(ref _newest, item, newest);
            if (seen == newest)
                return;
            newest = seen;
        }
    }

    /// <summary>Takes everything, oldest first, linked by <see cref="WorkItem.NextInMailbox"/>.</summary>
    public WorkItem? TakeAll()
    {
        var item = Interlocked.Exchange(ref _newest, null);
        WorkItem? oldest = null;
        while (item is not null)
        {
            var next = item.NextInMailbox;
            item.NextInMailbox = oldest;
            oldest = item;
            item = next;
        }
        return oldest;
    }
}

using System.Diagnostics.CodeAnalysis;
using Daybook.Core.Partitions.State;

namespace Daybook.Core.Partitions;

/// <summary>Which request holds which stream, and which waits for it. First come, first served on each stream, so none starves.</summary>
internal sealed class LockTable(PartitionMachine machine)
{
    private readonly Queue<StreamHead> _ready = [];

    /// <summary>Takes a stream, or waits for it.</summary>
    /// <returns>True when it is taken; else <see cref="LockWaiter.Entered"/> or <see cref="LockWaiter.TurnedAway"/> will be called.</returns>
    public bool TryEnter(StreamHead head, LockWaiter waiter)
    {
        var hot = machine.Cache.Warm(head);
        if (hot.IsFree)
        {
            hot.Owner = waiter;
            return true;
        }
        if (machine.Transactions.Participant.InDoubt(hot.Owner) is { } doubt)
            waiter.TurnedAway(machine, doubt);
        else
            (hot.Waiting ??= []).Enqueue(waiter);
        return false;
    }

    /// <summary>Ends the waits for a stream that is not given back before somebody knows how a transaction ended.</summary>
    public void TurnAway(StreamHead head, DaybookException why)
    {
        while (head.Hot?.Waiting is { } waiting && waiting.TryDequeue(out var waiter))
            waiter.TurnedAway(machine, why);
    }

    /// <summary>Gives a stream back, if the waiter has it.</summary>
    public void Leave(StreamHead head, LockWaiter waiter)
    {
        if (head.Hot is not { } hot || !ReferenceEquals(hot.Owner, waiter))
            return;
        hot.Owner = null;
        if (hot.Waiting is { Count: > 0 })
            _ready.Enqueue(head);
    }

    /// <summary>Lets those enter whose turn has come, until everybody is in or waits for somebody.</summary>
    public void AdmitWaiters()
    {
        while (_ready.TryDequeue(out var head))
        {
            if (!TryNext(head, out var waiter))
                continue;
            head.Hot!.Owner = waiter;
            waiter.Entered(machine, head);
        }
    }

    private static bool TryNext(StreamHead head, [NotNullWhen(true)] out LockWaiter? waiter)
    {
        waiter = null;
        return head.Hot is { Owner: null, Waiting: { } waiting } && waiting.TryDequeue(out waiter);
    }
}

using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;

namespace Daybook.Core.Partitions;

/// <summary>Folded states in memory, the most used kept (a clock: second chance for those touched since the hand last came by).</summary>
internal sealed class StateCache(PartitionMachine machine, IPartitionEffects effects, int capacity)
{
    private readonly List<StreamHead> _cached = [];
    private readonly Queue<(StreamHead Head, AggregateModel Model)> _waitingForDurability = [];
    private int _hand;

    /// <summary>The state, those events in flight included.</summary>
    /// <returns>False when it must be loaded.</returns>
    public static bool TryGet(StreamHead head, out object? state)
    {
        state = null;
        if (head.Hot is { IsLoaded: true } hot)
        {
            hot.Referenced = true;
            state = hot.State;
            return true;
        }
        return head.Version == 0;
    }

    /// <summary>Asks for a state. Its waiter has the stream, so nothing changes it meanwhile.</summary>
    public void Load(StreamHead head, AggregateModel model)
    {
        if (head.Hot!.ChangedIn > machine.Batches.Durable)
            _waitingForDurability.Enqueue((head, model));
        else
            effects.Load(head, model);
    }

    /// <summary>Something became durable: states whose events were in flight can be read now.</summary>
    public void LoadWhatIsDurable()
    {
        while (_waitingForDurability.TryPeek(out var first) && first.Head.Hot!.ChangedIn <= machine.Batches.Durable)
            effects.Load(_waitingForDurability.Dequeue().Head, first.Model);
    }

    /// <summary>Keeps the state of the stream's present version; null when it is not known.</summary>
    public HotStream Put(StreamHead head, object? state, bool isKnown)
    {
        var hot = Warm(head);
        (hot.State, hot.IsLoaded, hot.Referenced) = (state, isKnown, true);
        return hot;
    }

    /// <summary>Makes a stream hot; it stays so until the hand of the clock finds it idle.</summary>
    public HotStream Warm(StreamHead head)
    {
        if (head.Hot is { } hot)
            return hot;
        hot = head.Hot = new HotStream();
        if (_cached.Count < capacity || !TryReplace(head))
            _cached.Add(head);
        return hot;
    }

    private bool TryReplace(StreamHead head)
    {
        for (var steps = 0; steps < 2 * _cached.Count; steps++)
        {
            _hand = (_hand + 1) % _cached.Count;
            if (!TryEvict(_cached[_hand]))
                continue;
            _cached[_hand] = head;
            return true;
        }
        return false;
    }

    private bool TryEvict(StreamHead head)
    {
        var hot = head.Hot;
        if (hot is null)
            return true;
        if (hot.Referenced)
        {
            hot.Referenced = false;
            return false;
        }
        if (!hot.IsFree || hot.ChangedIn > machine.Batches.Durable)
            return false;
        head.Hot = null;
        return true;
    }
}

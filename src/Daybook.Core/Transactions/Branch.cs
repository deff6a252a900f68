using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.State;

namespace Daybook.Core.Transactions;

/// <summary>
/// The streams of one transaction in one partition. They are taken one after the other in the order of their names, which together with
/// the order of partitions is the one global order: no cycle of waits can form (invariant T10).
/// </summary>
internal abstract class Branch(Target[] targets) : LockWaiter
{
    private readonly StreamHead[] _heads = new StreamHead[targets.Length];
    private int _taken;
    private int _loading;
    private bool _released;

    /// <summary>Sorted by name.</summary>
    public Target[] Targets { get; } = targets;

    /// <summary>Why a state could not be loaded; null when all were.</summary>
    protected DaybookException? Error { get; private set; }

    /// <summary>Takes the streams that are free and waits for the first that is not.</summary>
    public void Acquire(PartitionMachine machine)
    {
        while (_taken < Targets.Length)
        {
            var head = _heads[_taken] = machine.State.Streams.GetOrAdd(Targets[_taken].Stream.Value);
            if (!machine.Locks.TryEnter(head, this))
                return;
            _taken++;
        }
        Load(machine);
    }

    /// <summary>Takes all streams in one step, before any other request can: what an owner does with prepared transactions when it
    /// starts.</summary>
    public void Hold(PartitionMachine machine)
    {
        for (; _taken < Targets.Length; _taken++)
        {
            _heads[_taken] = machine.State.Streams.GetOrAdd(Targets[_taken].Stream.Value);
            if (!machine.Locks.TryEnter(_heads[_taken], this))
                throw new DaybookException(ErrorCode.Corrupted, $"Two prepared transactions hold the stream '{Targets[_taken].Stream}'.");
        }
    }

    public override void Entered(PartitionMachine machine, StreamHead head)
    {
        if (_released)
        {
            machine.Leave(head, this);
            return;
        }
        _taken++;
        Acquire(machine);
    }

    public override void Loaded(PartitionMachine machine, StreamHead head) => LoadDone(machine, null);

    public override void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error) => LoadDone(machine, error);

    /// <summary>Gives everything back; what is still waited for is given back when it comes.</summary>
    public void Release(PartitionMachine machine)
    {
        if (_released)
            return;
        _released = true;
        if (_loading > 0)
            return;
        foreach (var head in _heads.AsSpan(0, _taken))
            machine.Leave(head, this);
    }

    /// <summary>Ends the waits of those behind it.</summary>
    public void TurnAwayWaiters(PartitionMachine machine, DaybookException why)
    {
        foreach (var head in _heads.AsSpan(0, _taken).ToArray())
            machine.Locks.TurnAway(head, why);
    }

    /// <summary>The states, in the order of the targets.</summary>
    protected object?[] States() => Array.ConvertAll(_heads, static head => StateCache.TryGet(head, out var state) ? state : null);

    /// <summary>The versions, in the order of the targets.</summary>
    protected long[] Versions() => Array.ConvertAll(_heads, static head => head.Version);

    /// <summary>The batch after which everything these streams show is durable.</summary>
    protected long ChangedIn()
    {
        long batch = 0;
        foreach (var head in _heads)
            batch = Math.Max(batch, head.Hot!.ChangedIn);
        return batch;
    }

    /// <summary>All streams are taken and their states loaded, or <see cref="Error"/> has the reason.</summary>
    protected abstract void Ready(PartitionMachine machine);

    private void Load(PartitionMachine machine)
    {
        for (var i = 0; i < _heads.Length; i++)
        {
            if (StateCache.TryGet(_heads[i], out _))
                continue;
            _loading++;
            machine.Cache.Load(_heads[i], Targets[i].Model);
        }
        if (_loading == 0)
            Ready(machine);
    }

    private void LoadDone(PartitionMachine machine, DaybookException? error)
    {
        Error ??= error;
        if (--_loading > 0)
            return;
        if (!_released)
        {
            Ready(machine);
            return;
        }
        foreach (var head in _heads)
            machine.Leave(head, this);
    }
}

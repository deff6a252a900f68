using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Transactions;

/// <summary>A transaction in flight at its coordinator: the streams locked so far, their states, the missing votes.</summary>
internal sealed class CoordinatorTransaction
{
    private readonly PartitionBranch[] _branches;
    private int _locking;

    public CoordinatorTransaction(TransactionId id, WriteWork work, Target[] targets, PartitionMap map)
    {
        Id = id;
        Work = work;
        Targets = targets;
        States = new object?[Targets.Length];
        Versions = new long[Targets.Length];
        _branches = PartitionBranch.Split(Targets, map);
    }

    public TransactionId Id { get; }

    public WriteWork Work { get; }

    /// <summary>In the handler's order.</summary>
    public Target[] Targets { get; }

    public object?[] States { get; }

    public long[] Versions { get; }

    /// <summary>The coordinator's own streams; null when it has none or they are not taken yet.</summary>
    public CoordinatorBranch? Local { get; set; }

    /// <summary>True once the participants have been asked to prepare.</summary>
    public bool IsPreparing { get; private set; }

    /// <summary>The partition whose streams are being locked; null when all are.</summary>
    public PartitionBranch? Locking => _locking < _branches.Length ? _branches[_locking] : null;

    /// <summary>All partitions, in the order in which they are locked.</summary>
    public ReadOnlySpan<PartitionBranch> Branches => _branches;

    /// <summary>The partitions that have been asked for locks, including the coordinator.</summary>
    public ReadOnlySpan<PartitionBranch> Asked => _branches.AsSpan(0, Math.Min(_locking + 1, _branches.Length));

    /// <summary>Notes the streams that a partition granted and goes on to the next.</summary>
    public void Granted(object?[] states, long[] versions, Epoch epoch)
    {
        var branch = _branches[_locking++];
        branch.Epoch = epoch;
        for (var i = 0; i < branch.Indexes.Length; i++)
            (States[branch.Indexes[i]], Versions[branch.Indexes[i]]) = (states[i], versions[i]);
    }

    /// <summary>Hands the decided events to the partitions they belong to.</summary>
    public void Decided(List<StreamWrite> writes)
    {
        IsPreparing = true;
        var places = new int[Targets.Length]; // of each target's write; the writes stand in the order of the targets
        for (int i = 0, next = 0; i < places.Length; i++)
            places[i] = next < writes.Count && writes[next].Stream == Targets[i].Stream ? next++ : -1;
        foreach (var branch in _branches)
        {
            var own = new List<StreamWrite>(branch.Indexes.Length);
            foreach (var index in branch.Indexes)
            {
                if (places[index] >= 0)
                    own.Add(writes[places[index]]);
            }
            branch.Writes = own;
        }
        ResultVersion = writes.Count > 0 && writes[0].Stream == Targets[0].Stream ? writes[0].LastVersion : Versions[0];
    }

    /// <summary>Counts a yes.</summary>
    /// <returns>True when it was the last one missing.</returns>
    public bool Voted(PartitionId from)
    {
        var wasAwaited = false;
        var missing = false;
        foreach (var branch in _branches)
        {
            wasAwaited |= branch.Partition == from && branch.IsAwaited;
            branch.IsAwaited &= branch.Partition != from;
            missing |= branch.IsAwaited;
        }
        return wasAwaited && !missing;
    }

    /// <summary>The version of the first named aggregate once this is committed.</summary>
    public long ResultVersion { get; private set; }
}

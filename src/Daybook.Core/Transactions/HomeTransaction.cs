using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Transactions;

/// <summary>A transaction under way in its home partition: which streams are locked so far, what they hold, who has yet to vote.</summary>
internal sealed class HomeTransaction
{
    private readonly PartitionLeg[] _legs;
    private int _locking;

    public HomeTransaction(TransactionId id, WriteWork work, Target[] targets, PartitionMap map)
    {
        Id = id;
        Work = work;
        Targets = targets;
        States = new object?[Targets.Length];
        Versions = new long[Targets.Length];
        _legs = PartitionLeg.Split(Targets, map);
    }

    public TransactionId Id { get; }

    public WriteWork Work { get; }

    /// <summary>In the handler's order.</summary>
    public Target[] Targets { get; }

    public object?[] States { get; }

    public long[] Versions { get; }

    /// <summary>The home partition's own streams; null when it has none or they are not taken yet.</summary>
    public HomeLeg? Local { get; set; }

    /// <summary>True once the participants have been asked to prepare.</summary>
    public bool IsPreparing { get; private set; }

    /// <summary>The partition whose streams are being locked; null when all are.</summary>
    public PartitionLeg? Locking => _locking < _legs.Length ? _legs[_locking] : null;

    /// <summary>All partitions, in the order in which they are locked.</summary>
    public ReadOnlySpan<PartitionLeg> Legs => _legs;

    /// <summary>The partitions that have been asked for locks, the home partition included.</summary>
    public ReadOnlySpan<PartitionLeg> Asked => _legs.AsSpan(0, Math.Min(_locking + 1, _legs.Length));

    /// <summary>Notes what a partition told of its streams and goes on to the next.</summary>
    public void Granted(object?[] states, long[] versions, Epoch epoch)
    {
        var leg = _legs[_locking++];
        leg.Epoch = epoch;
        for (var i = 0; i < leg.Indexes.Length; i++)
            (States[leg.Indexes[i]], Versions[leg.Indexes[i]]) = (states[i], versions[i]);
    }

    /// <summary>Hands the decided events to the partitions they belong to.</summary>
    public void Decided(List<StreamWrite> writes)
    {
        IsPreparing = true;
        foreach (var leg in _legs)
        {
            var own = new List<StreamWrite>(leg.Targets.Length);
            foreach (var target in leg.Targets)
            {
                foreach (var write in writes)
                {
                    if (write.Stream == target.Stream)
                        own.Add(write);
                }
            }
            leg.Writes = own;
        }
        ResultVersion = writes.Count > 0 && writes[0].Stream == Targets[0].Stream ? writes[0].LastVersion : Versions[0];
    }

    /// <summary>Counts a yes.</summary>
    /// <returns>True when it was the last one missing.</returns>
    public bool Voted(PartitionId from)
    {
        var wasAwaited = false;
        var missing = false;
        foreach (var leg in _legs)
        {
            wasAwaited |= leg.Partition == from && leg.IsAwaited;
            leg.IsAwaited &= leg.Partition != from;
            missing |= leg.IsAwaited;
        }
        return wasAwaited && !missing;
    }

    /// <summary>The version of the first named aggregate once this is committed.</summary>
    public long ResultVersion { get; private set; }
}

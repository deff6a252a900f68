using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Transactions;

/// <summary>A transaction under way in its home partition: which streams are locked so far, what they hold, who has yet to vote.</summary>
internal sealed class HomeTransaction
{
    private readonly PartitionLeg[] _legs;
    private int _locking;

    public HomeTransaction(TransactionId id, WriteWork work, IReadOnlyList<Target> targets, PartitionMap map)
    {
        Id = id;
        Work = work;
        Targets = [.. targets];
        States = new object?[Targets.Length];
        Versions = new long[Targets.Length];
        _legs = [.. Enumerable.Range(0, Targets.Length)
            .GroupBy(i => map.Of(Targets[i].Stream))
            .OrderBy(group => group.Key)
            .Select(group => new PartitionLeg(group.Key, [.. group.OrderBy(i => Targets[i].Stream.Value, StringComparer.Ordinal)]))];
    }

    public TransactionId Id { get; }

    public WriteWork Work { get; }

    /// <summary>In the handler's order.</summary>
    public Target[] Targets { get; }

    public object?[] States { get; }

    public long[] Versions { get; }

    /// <summary>The home partition's own streams; null when it has none or they are not taken yet.</summary>
    public HomeLeg? Local { get; set; }

    /// <summary>The decided events; null before.</summary>
    public List<StreamWrite>? Writes { get; set; }

    /// <summary>Participants whose yes is missing.</summary>
    public HashSet<PartitionId> Awaited { get; } = [];

    /// <summary>The partition whose streams are being locked; null when all are.</summary>
    public PartitionLeg? Locking => _locking < _legs.Length ? _legs[_locking] : null;

    /// <summary>The other partitions that have been asked for locks.</summary>
    public IEnumerable<PartitionLeg> Asked => _legs.Take(_locking + 1).Where(leg => leg.Partition != Id.Home);

    /// <summary>Notes what a partition told of its streams and goes on to the next.</summary>
    public void Granted(object?[] states, long[] versions, Epoch epoch)
    {
        var leg = _legs[_locking++];
        leg.Epoch = epoch;
        for (var i = 0; i < leg.Indexes.Length; i++)
            (States[leg.Indexes[i]], Versions[leg.Indexes[i]]) = (states[i], versions[i]);
    }

    public Target[] TargetsOf(PartitionLeg leg) => Array.ConvertAll(leg.Indexes, i => Targets[i]);
}

/// <summary>The part of a transaction that lies in one partition.</summary>
/// <param name="partition">The partition.</param>
/// <param name="indexes">The targets there, by name.</param>
internal sealed class PartitionLeg(PartitionId partition, int[] indexes)
{
    public PartitionId Partition { get; } = partition;

    public int[] Indexes { get; } = indexes;

    /// <summary>The epoch in which the participant granted the locks.</summary>
    public Epoch Epoch { get; set; }
}

/// <summary>The home partition's own streams of a transaction.</summary>
internal sealed class HomeLeg(HomeTransaction transaction, Target[] targets) : Leg(targets)
{
    public override void Run(PartitionMachine machine) => Acquire(machine);

    public override void Refuse(DaybookException why) => transaction.Work.Refuse(why);

    protected override void Ready(PartitionMachine machine)
    {
        if (Error is not null)
            machine.Transactions.Home.Fail(transaction, Error);
        else
            machine.Transactions.Home.Granted(transaction, States(machine), [.. Heads.Select(head => head.Version)], machine.Epoch);
    }
}

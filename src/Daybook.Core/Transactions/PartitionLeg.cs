using Daybook.Core.Modeling;
using Daybook.Core.Partitions;

namespace Daybook.Core.Transactions;

/// <summary>The part of a transaction that lies in one partition, as its home partition sees it.</summary>
/// <param name="partition">The partition.</param>
/// <param name="indexes">The targets there, by name.</param>
internal sealed class PartitionLeg(PartitionId partition, int[] indexes)
{
    public PartitionId Partition { get; } = partition;

    public int[] Indexes { get; } = indexes;

    /// <summary>The epoch in which the participant granted the locks.</summary>
    public Epoch Epoch { get; set; }

    /// <summary>What was decided for its streams.</summary>
    public List<StreamWrite> Writes { get; } = [];

    /// <summary>Its vote is missing.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>Groups targets by partition; partitions in their order, targets by name: the one global order of locks (must-hold T10).</summary>
    public static PartitionLeg[] Split(Target[] targets, PartitionMap map)
    {
        var order = new int[targets.Length];
        var places = new (PartitionId Partition, string Name)[targets.Length];
        for (var i = 0; i < targets.Length; i++)
            (order[i], places[i]) = (i, (map.Of(targets[i].Stream), targets[i].Stream.Value));
        Array.Sort(order, (x, y) => places[x].Partition.CompareTo(places[y].Partition) is var byPartition and not 0
            ? byPartition
            : string.CompareOrdinal(places[x].Name, places[y].Name));

        var legs = new List<PartitionLeg>(2);
        for (int start = 0, end; start < order.Length; start = end)
        {
            var partition = places[order[start]].Partition;
            for (end = start + 1; end < order.Length && places[order[end]].Partition == partition;)
                end++;
            legs.Add(new PartitionLeg(partition, order[start..end]));
        }
        return [.. legs];
    }
}

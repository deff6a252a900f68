using Daybook.Core.Modeling;
using Daybook.Core.Partitions;

namespace Daybook.Core.Transactions;

/// <summary>The part of a transaction that lies in one partition, as its coordinator sees it.</summary>
/// <param name="partition">The partition.</param>
/// <param name="targets">The targets there, by name.</param>
/// <param name="indexes">Where they stand among all.</param>
internal sealed class PartitionBranch(PartitionId partition, Target[] targets, int[] indexes)
{
    public PartitionId Partition { get; } = partition;

    public Target[] Targets { get; } = targets;

    public int[] Indexes { get; } = indexes;

    /// <summary>The epoch in which the participant granted the locks.</summary>
    public Epoch Epoch { get; set; }

    /// <summary>What was decided for its streams.</summary>
    public List<StreamWrite> Writes { get; set; } = [];

    /// <summary>Its vote is missing.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>Groups targets by partition; partitions in their order, targets by name: the one global order of locks (invariant
    /// T10).</summary>
    public static PartitionBranch[] Split(Target[] targets, PartitionMap map)
    {
        var places = new Place[targets.Length];
        for (var i = 0; i < targets.Length; i++)
            places[i] = new Place(map.Of(targets[i].Stream), targets[i].Stream.Value, i);
        Array.Sort(places);

        var count = 1;
        for (var i = 1; i < places.Length; i++)
            count += places[i].Partition != places[i - 1].Partition ? 1 : 0;
        var branches = new PartitionBranch[count];
        for (int branch = 0, start = 0; branch < count; start += branches[branch++].Indexes.Length)
            branches[branch] = First(places.AsSpan(start), targets);
        return branches;
    }

    private static PartitionBranch First(ReadOnlySpan<Place> places, Target[] all)
    {
        var length = 1;
        while (length < places.Length && places[length].Partition == places[0].Partition)
            length++;
        var (targets, indexes) = (new Target[length], new int[length]);
        for (var i = 0; i < length; i++)
            (targets[i], indexes[i]) = (all[places[i].Index], places[i].Index);
        return new PartitionBranch(places[0].Partition, targets, indexes);
    }

    private readonly record struct Place(PartitionId Partition, string Name, int Index) : IComparable<Place>
    {
        public int CompareTo(Place other) => Partition.CompareTo(other.Partition) is var byPartition and not 0
            ? byPartition
            : string.CompareOrdinal(Name, other.Name);
    }
}

using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// Carries messages between partitions. A reliable one keeps the order of each pair and loses nothing, as within a process; an unreliable
/// one loses, doubles and reorders.
/// </summary>
internal sealed class Network(Random random, Action<PartitionId, WorkItem> deliver)
{
    private readonly List<(PartitionId From, PartitionId To, WorkItem Work)> _onTheWay = [];

    public bool IsReliable { get; set; } = true;

    /// <summary>What has been sent and not delivered, oldest first.</summary>
    public IEnumerable<WorkItem> OnTheWay => _onTheWay.Select(sent => sent.Work);

    public bool IsBusy => _onTheWay.Count > 0;

    public void Send(PartitionId from, TransactionMessage message)
    {
        if (!IsReliable && random.Next(20) == 0)
            return;
        _onTheWay.Add((from, message.To, message));
        if (!IsReliable && random.Next(10) == 0)
            _onTheWay.Add((from, message.To, message));
    }

    public void Send(PartitionId from, PartitionId to, PeerUp news) => _onTheWay.Add((from, to, news));

    public void DeliverOne()
    {
        var index = random.Next(_onTheWay.Count);
        var (from, to, _) = _onTheWay[index];
        if (IsReliable)
            index = _onTheWay.FindIndex(sent => sent.From == from && sent.To == to);
        var work = _onTheWay[index].Work;
        _onTheWay.RemoveAt(index);
        deliver(to, work);
    }

    /// <summary>Delivers one message out of turn.</summary>
    public void Deliver(WorkItem work)
    {
        var index = _onTheWay.FindIndex(sent => sent.Work == work);
        var to = _onTheWay[index].To;
        _onTheWay.RemoveAt(index);
        deliver(to, work);
    }

    /// <summary>Loses one message.</summary>
    public void Lose(WorkItem work) => _onTheWay.RemoveAll(sent => sent.Work == work);

    /// <summary>All processes are gone, and with them what they had sent each other.</summary>
    public void Clear() => _onTheWay.Clear();
}

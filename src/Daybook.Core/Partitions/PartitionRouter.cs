using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Streams;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>All partitions of a book in one process: finds them, carries messages between them, notifies each of the others'
/// owners.</summary>
internal sealed class PartitionRouter : IAsyncDisposable
{
    private readonly PartitionHost[] _hosts;
    private readonly Action<PartitionOwner> _owned;

    /// <param name="services">What the partitions share.</param>
    /// <param name="owned">Receives every new owner.</param>
    public PartitionRouter(PartitionServices services, Action<PartitionOwner> owned)
    {
        _owned = owned;
        Map = services.Map;
        _hosts = [.. Enumerable.Range(0, Map.Count).Select(i =>
            new PartitionHost(new PartitionId(i), services, Carry, Announce, AnnounceDown))];
    }

    public PartitionMap Map { get; }

    /// <summary>Ends the waits of clients when the book is closed.</summary>
    public BookClosing Closing { get; } = new();

    /// <summary>Completes when every partition has had an owner here.</summary>
    public Task Owned => Task.WhenAll(_hosts.Select(host => host.FirstOwned));

    /// <summary>Starts all partitions.</summary>
    public void Start()
    {
        foreach (var host in _hosts)
            host.Start();
    }

    public void Post(PartitionId partition, WorkItem work)
    {
        if (Closing.HasBegun)
            work.Refuse(BookClosing.Error());
        else
            _hosts[partition.Value].Post(work);
    }

    /// <exception cref="DaybookException"><see cref="ErrorCode.NotOwner"/>, <see cref="ErrorCode.Closed"/>, or why it cannot have an owner.</exception>
    public PartitionOwner OwnerOf(PartitionId partition) => Closing.HasBegun
        ? throw BookClosing.Error()
        : _hosts[partition.Value].Owner ?? throw _hosts[partition.Value].NoOwner();

    /// <summary>Asks every partition; a command's record stands in one of them at most.</summary>
    public async ValueTask<Outcome?> OutcomeOfAsync(CommandId id, CancellationToken cancellationToken)
    {
        var asked = Array.ConvertAll(_hosts, host => (Owner: OwnerOf(host.Id), Work: new OutcomeWork(id)));
        foreach (var (owner, work) in asked)
            owner.Post(work);
        Location? found = null;
        PartitionOwner? keeper = null;
        foreach (var (owner, work) in asked)
        {
            if (await work.AnswerAsync(cancellationToken).ConfigureAwait(false) is { } at)
                (found, keeper) = (at, owner);
        }
        return found is { } record
            ? await new RecordReader(keeper!.Journal).ReadOutcomeAsync(keeper.Id, record, cancellationToken).ConfigureAwait(false)
            : null;
    }

    public IReadOnlyList<PartitionStatus> Status() => Array.ConvertAll(_hosts, host => host.Owner is { } owner
        ? new PartitionStatus(host.Id, owner.Journal.Epoch, owner.Feed.Head, owner.StalledFor, null)
        : host.StatusWithoutOwner());

    /// <summary>Ends all partitions together: another process waits to take them over.</summary>
    public async ValueTask DisposeAsync()
    {
        Closing.Begin();
        await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>
    /// Carries a message; one that finds no owner is lost, and the coordinator is notified. An owner that comes meanwhile is announced, one
    /// that goes is too: so the coordinator learns of each request that was not received.
    /// </summary>
    private void Carry(TransactionMessage message)
    {
        Post(message.To, message);
        if (_hosts[message.To.Value].Owner is not null)
            return;
        if (message.To != message.Transaction.Coordinator)
            Post(message.Transaction.Coordinator, new PeerDown(message.To, null));
        else if (message is QueryMessage query)
            Post(query.From, new PeerDown(message.To, null));
    }

    private void Announce(PartitionOwner owner)
    {
        TellOthers(owner.Id, () => new PeerUp(owner.Id, owner.Journal.Epoch));
        _owned(owner);
    }

    private void AnnounceDown(PartitionId partition, Epoch ended) => TellOthers(partition, () => new PeerDown(partition, ended));

    private void TellOthers(PartitionId partition, Func<WorkItem> news)
    {
        foreach (var host in _hosts)
        {
            if (host.Id != partition)
                host.Post(news());
        }
    }
}

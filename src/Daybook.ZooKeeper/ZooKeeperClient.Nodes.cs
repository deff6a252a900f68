using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Watches;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

public sealed partial class ZooKeeperClient
{
    /// <summary>Creates a node.</summary>
    /// <param name="path">Its path; a sequential one gets ten digits appended.</param>
    /// <param name="data">Its data.</param>
    /// <param name="mode">How long it lives and whether it is numbered.</param>
    /// <param name="acl">The permissions of each identity; null for all permissions for everyone.</param>
    /// <param name="timeToLive">For the modes with a time to live: after so long without change or child it goes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its real path, and its state; <see cref="NodeStat.CreatedZxid"/> serves as a fencing token.</returns>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.NodeExists"/>, <see cref="ZooKeeperError.NoNode"/> (the parent), … After an
    /// unknown outcome look for the node: by a unique part of its name and, if ephemeral, by its owner (invariant C1).</exception>
    public Task<CreatedNode> CreateAsync(
        string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent, IReadOnlyList<ZooKeeperAcl>? acl = null,
        TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        var create = new ZooKeeperOperation.Create(path, data, mode, acl, timeToLive);
        create.Check();
        return SendAsync(() => new Request<CreatedNode>(create.Code, path, create.Body(create.ServerPath(_session.Servers)).Written, ReadCreated), cancellationToken);
    }

    /// <summary>Deletes a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">Only if its data have this version; −1 for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task DeleteAsync(string path, int version = AnyVersion, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        return SendAsync(() => Nothing(OpCode.Delete, path, new JuteWriter().Text(Server(path)).Int(version)), cancellationToken);
    }

    /// <summary>The state of a node; null when there is none.</summary>
    public Task<NodeStat?> ExistsAsync(string path, CancellationToken cancellationToken = default) => ExistsAsync(path, null, cancellationToken);

    /// <summary>The state of a node, null when there is none, and the news of its creation, change or deletion.</summary>
    public async Task<Watched<NodeStat?>> ExistsAndWatchAsync(string path, CancellationToken cancellationToken = default)
    {
        var changed = NewWatcher();
        return new Watched<NodeStat?>(await ExistsAsync(path, changed, cancellationToken).ConfigureAwait(false), changed.Task);
    }

    /// <summary>A node's data.</summary>
    public Task<NodeData> GetAsync(string path, CancellationToken cancellationToken = default) => GetAsync(path, null, cancellationToken);

    /// <summary>A node's data, and the news of their change or deletion.</summary>
    public async Task<Watched<NodeData>> GetAndWatchAsync(string path, CancellationToken cancellationToken = default)
    {
        var changed = NewWatcher();
        return new Watched<NodeData>(await GetAsync(path, changed, cancellationToken).ConfigureAwait(false), changed.Task);
    }

    /// <summary>Sets a node's data.</summary>
    /// <param name="path">The node.</param>
    /// <param name="data">The data.</param>
    /// <param name="version">Only if the data have this version; −1 for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<NodeStat> SetAsync(string path, ReadOnlyMemory<byte> data, int version = AnyVersion, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        return SendAsync(
            () => new Request<NodeStat>(
                OpCode.SetData, path, new JuteWriter().Text(Server(path)).Buffer(data.Span).Int(version).Written, static (ref JuteReader r) => r.Stat()),
            cancellationToken);
    }

    /// <summary>A node's children.</summary>
    public Task<NodeChildren> ChildrenAsync(string path, CancellationToken cancellationToken = default) => ChildrenAsync(path, null, cancellationToken);

    /// <summary>A node's children, and the news of one more or less.</summary>
    public async Task<Watched<NodeChildren>> ChildrenAndWatchAsync(string path, CancellationToken cancellationToken = default)
    {
        var changed = NewWatcher();
        return new Watched<NodeChildren>(await ChildrenAsync(path, changed, cancellationToken).ConfigureAwait(false), changed.Task);
    }

    /// <summary>Has this session's server catch up with the leader. A read that follows sees every write that was answered before this call.</summary>
    public Task SyncAsync(string path = "/", CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        return SendAsync(() => Nothing(OpCode.Sync, path, new JuteWriter().Text(Server(path))), cancellationToken);
    }

    private Task<NodeStat?> ExistsAsync(string path, TaskCompletionSource<WatchEvent>? watcher, CancellationToken cancellationToken)
    {
        PathRules.Check(path);
        return SendAsync(
            () => new Request<NodeStat?>(OpCode.Exists, path, Reading(path, false), static (ref JuteReader r) => r.Stat())
            {
                AtWriting = Watching(watcher, OneShotKind.Data, path),
                OnError = static error => (error == ZooKeeperError.NoNode, null),
                Answered = Noting(watcher, path, error => error switch
                {
                    ZooKeeperError.None => OneShotKind.Data,
                    ZooKeeperError.NoNode => OneShotKind.Existence,
                    _ => null,
                }),
            },
            cancellationToken);
    }

    private Task<NodeData> GetAsync(string path, TaskCompletionSource<WatchEvent>? watcher, CancellationToken cancellationToken)
    {
        PathRules.Check(path);
        return SendAsync(
            () => new Request<NodeData>(OpCode.GetData, path, Reading(path, false), static (ref JuteReader r) => new NodeData(r.Buffer(), r.Stat()))
            {
                AtWriting = Watching(watcher, OneShotKind.Data, path),
                Answered = Noting(watcher, path, static error => error == ZooKeeperError.None ? OneShotKind.Data : null),
            },
            cancellationToken);
    }

    private Task<NodeChildren> ChildrenAsync(string path, TaskCompletionSource<WatchEvent>? watcher, CancellationToken cancellationToken)
    {
        PathRules.Check(path);
        return SendAsync(
            () => new Request<NodeChildren>(
                OpCode.GetChildren2, path, Reading(path, false), static (ref JuteReader r) => new NodeChildren(r.Texts(), r.Stat()))
            {
                AtWriting = Watching(watcher, OneShotKind.Children, path),
                Answered = Noting(watcher, path, static error => error == ZooKeeperError.None ? OneShotKind.Children : null),
            },
            cancellationToken);
    }

    private ReadOnlyMemory<byte> Reading(string path, bool watch) => new JuteWriter().Text(Server(path)).Bool(watch).Written;

    /// <summary>Decides, in the order of the connection, whether the server has to be asked for the watch.</summary>
    private Func<ReadOnlyMemory<byte>?>? Watching(TaskCompletionSource<WatchEvent>? watcher, OneShotKind kind, string path) =>
        watcher is null ? null : () =>
        {
            _session.Watches.InFlight.Asked(path, null);
            return Reading(path, watch: !_session.Watches.IsCovered(kind, path));
        };

    /// <summary>Notes the watch with the reply, before any later frame is looked at.</summary>
    private Action<ZooKeeperError>? Noting(TaskCompletionSource<WatchEvent>? watcher, string path, Func<ZooKeeperError, OneShotKind?> kindOf) =>
        watcher is null ? null : error =>
        {
            _session.Watches.InFlight.Answered(path, null);
            if (kindOf(error) is { } kind)
                _session.Watches.Add(kind, path, watcher);
        };

    private CreatedNode ReadCreated(ref JuteReader reader) => new(Client(reader.Text()), reader.Stat());

    private static TaskCompletionSource<WatchEvent> NewWatcher() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Request<bool> Nothing(OpCode operation, string? path, JuteWriter body) =>
        new(operation, path, body.Written, static (ref JuteReader _) => true);
}

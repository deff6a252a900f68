using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Daybook.ZooKeeper;

/// <summary>
/// A lasting watch over a node, or over a node and all below it. Enumerate it, once; events wait for the reader without limit. Enumeration
/// ends with <see cref="ZooKeeperError.SessionExpired"/> when the session ends, and quietly when the watch is disposed.
/// </summary>
public sealed class NodeWatch : IAsyncEnumerable<WatchEvent>, IAsyncDisposable
{
    private readonly Channel<WatchEvent> _events = Channel.CreateUnbounded<WatchEvent>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly Func<NodeWatch, ValueTask> _remove;

    internal NodeWatch(string path, bool isRecursive, Func<NodeWatch, ValueTask> remove) => (Path, IsRecursive, _remove) = (path, isRecursive, remove);

    /// <summary>The node.</summary>
    public string Path { get; }

    /// <summary>Whether everything below it is watched too.</summary>
    public bool IsRecursive { get; }

    /// <summary>
    /// Takes an event that is there already. An event for a change is there before the result of any read that shows the change
    /// (invariant C5).
    /// </summary>
    public bool TryRead([NotNullWhen(true)] out WatchEvent? change) => _events.Reader.TryRead(out change);

    /// <inheritdoc/>
    public IAsyncEnumerator<WatchEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _events.Reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Ends the watch, at the server too if it can be reached.</summary>
    public ValueTask DisposeAsync() => _remove(this);

    /// <summary>Set when the watch is disposed, or never came to be.</summary>
    internal bool IsRemoved { get; set; }

    internal void Notify(WatchEvent change) => _events.Writer.TryWrite(change);

    internal void End(ZooKeeperException? why) => _events.Writer.TryComplete(why);
}

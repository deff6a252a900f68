using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.Bookie.Cluster;

/// <summary>The node by which clients find the bookie: among those that take writes, or among the read-only ones.</summary>
internal sealed class Registration(SessionKeeper sessions, LedgerPaths paths, BookieRegistration self) : IAsyncDisposable
{
    private readonly SemaphoreSlim _moving = new(1, 1);
    private PersistentNode? _node;
    private bool _isReadOnly;

    /// <summary>Takes away what an earlier run left, so that nobody is sent to it. Only this process has the bookie's folder, so no other one lives.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        var client = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        foreach (var parent in new[] { paths.Available, paths.ReadOnly })
        {
            try
            {
                await client.DeleteAsync($"{parent}/{self.Bookie}", cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                // The usual case.
            }
        }
    }

    /// <summary>Registers, or moves the node to where it belongs. The new node is there before the old one goes.</summary>
    public async Task PutAsync(bool isReadOnly, CancellationToken cancellationToken)
    {
        await _moving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_node is not null && _isReadOnly == isReadOnly)
                return;
            var parent = isReadOnly ? paths.ReadOnly : paths.Available;
            var before = _node;
            _node = await PersistentNode.StartAsync(sessions, $"{parent}/{self.Bookie}", self.Encode(), cancellationToken).ConfigureAwait(false);
            _isReadOnly = isReadOnly;
            if (before is not null)
                await before.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _moving.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _moving.WaitAsync().ConfigureAwait(false);
        if (_node is { } node)
            await node.DisposeAsync().ConfigureAwait(false);
        _node = null;
    }
}

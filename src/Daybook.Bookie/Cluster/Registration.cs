using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.Bookie.Cluster;

/// <summary>The node through which clients find the bookie: among the writable or the read-only bookies.</summary>
internal sealed class Registration(SessionKeeper sessions, LedgerPaths paths, BookieRegistration self) : IAsyncDisposable
{
    private readonly SemaphoreSlim _moving = new(1, 1);
    private PersistentNode? _node;
    private bool _isReadOnly;

    /// <summary>Deletes the registration of an earlier run, so that no client connects to it. This process holds the folder lock, so no
    /// other one is running.</summary>
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

    /// <summary>Registers, or moves the node between the two lists. The new node exists before the old one is deleted.</summary>
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

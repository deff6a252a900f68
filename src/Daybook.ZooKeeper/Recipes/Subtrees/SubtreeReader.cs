namespace Daybook.ZooKeeper.Recipes;

/// <summary>Reads nodes of a subtree. A node that is gone by then is left out; its watch reports it.</summary>
internal sealed class SubtreeReader(ZooKeeperClient client, string root, CancellationToken cancellationToken)
{
    /// <summary>Reads everything, a level at a time.</summary>
    public async Task<SubtreeSnapshot> ReadAllAsync()
    {
        var nodes = SubtreeSnapshot.Empty.Nodes.ToBuilder();
        for (string[] level = [root]; level.Length > 0;)
        {
            var read = await Task.WhenAll(level.Select(ReadWithChildrenAsync)).ConfigureAwait(false);
            foreach (var (path, data, _) in read)
            {
                if (data is not null)
                    nodes[path] = data;
            }
            level = [.. read.SelectMany(node => node.Children.Select(child => node.Path == "/" ? $"/{child}" : $"{node.Path}/{child}"))];
        }
        return new SubtreeSnapshot(nodes.ToImmutable());
    }

    /// <summary>Reads some nodes again.</summary>
    public async Task<SubtreeSnapshot> ReadAgainAsync(SubtreeSnapshot last, IReadOnlyCollection<string> paths)
    {
        var read = await Task.WhenAll(paths.Select(async path => (path, await ReadAsync(path).ConfigureAwait(false)))).ConfigureAwait(false);
        var nodes = last.Nodes.ToBuilder();
        foreach (var (path, data) in read)
        {
            if (data is null)
                nodes.Remove(path);
            else
                nodes[path] = data;
        }
        return new SubtreeSnapshot(nodes.ToImmutable());
    }

    private async Task<(string Path, NodeData? Data, IReadOnlyList<string> Children)> ReadWithChildrenAsync(string path)
    {
        var children = OrNullAsync(() => client.ChildrenAsync(path, cancellationToken));
        var data = await ReadAsync(path).ConfigureAwait(false);
        var names = (await children.ConfigureAwait(false))?.Names ?? [];
        return (path, data, data is null ? [] : names);
    }

    private Task<NodeData?> ReadAsync(string path) => OrNullAsync(() => client.GetAsync(path, cancellationToken));

    private async Task<T?> OrNullAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await client.AskAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return null;
        }
    }
}

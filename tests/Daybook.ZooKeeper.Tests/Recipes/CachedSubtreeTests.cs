using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

[Collection(RecipeCollection.Name)]
public sealed class CachedSubtreeTests(RecipeServer shared)
{
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableFact(typeof(MissingToolException))]
    public async Task Tree_is_read_at_first_and_follows_every_change()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        var client = await one.Sessions.GetAsync();
        await client.EnsureAsync($"{_root}/a/b", CreateMode.Persistent, default);
        await using var tree = await CachedSubtree.OpenAsync(one.Sessions, _root);
        Assert.Equal(["", "/a", "/a/b"], Paths(tree.Current));
        Assert.True(tree.IsCurrent);
        await using var changes = tree.ChangesAsync().GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());
        Assert.All(changes.Current, change => Assert.True(change is { Before: null, After: not null }));

        await client.SetAsync($"{_root}/a", "new"u8.ToArray());
        Assert.True(await changes.MoveNextAsync());
        var change = Assert.Single(changes.Current);
        Assert.Equal(($"{_root}/a", "", "new"), (change.Path, Text(change.Before!), Text(change.After!)));
        await client.DeleteAsync($"{_root}/a/b");
        Assert.True(await changes.MoveNextAsync());
        Assert.True(Assert.Single(changes.Current) is { Before: not null, After: null });
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Tree_that_does_not_exist_yet_is_empty_and_then_there()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var tree = await CachedSubtree.OpenAsync(one.Sessions, _root);
        Assert.Empty(tree.Current.Nodes);
        await (await one.Sessions.GetAsync()).EnsureAsync($"{_root}/a/b", CreateMode.Persistent, default);
        await Wait.UntilAsync(() => tree.Current.Nodes.Count == 3, "the tree was there");
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(false), InlineData(true)]
    public async Task C3_what_changed_without_a_server_is_read_again(bool sessionEnds)
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var client = await other.Sessions.GetAsync();
        foreach (var name in new[] { "kept", "deleted", "anew" })
            await client.EnsureAsync($"{_root}/{name}", CreateMode.Persistent, default);
        await using var tree = await CachedSubtree.OpenAsync(one.Sessions, _root);
        if (sessionEnds)
            await one.KillSessionAsync();
        else
            await one.DisconnectAsync();
        await client.DeleteAsync($"{_root}/deleted");
        await client.DeleteAsync($"{_root}/anew");
        await client.CreateAsync($"{_root}/anew", "2"u8.ToArray());
        await client.CreateAsync($"{_root}/added");
        await client.SetAsync($"{_root}/kept", "2"u8.ToArray());
        if (!sessionEnds)
        {
            Assert.False(tree.IsCurrent);
            one.Reconnect();
        }
        await Wait.UntilAsync(
            () => Paths(tree.Current).SequenceEqual(["", "/added", "/anew", "/kept"]) && Text(tree.Current.Nodes[$"{_root}/kept"]) == "2"
                && Text(tree.Current.Nodes[$"{_root}/anew"]) == "2",
            "everything was read again");
        await Wait.UntilAsync(() => tree.IsCurrent, "it was current");
        await client.CreateAsync($"{_root}/later");
        await Wait.UntilAsync(() => tree.Current.Nodes.ContainsKey($"{_root}/later"), "it followed again");
    }

    private IEnumerable<string> Paths(SubtreeSnapshot snapshot) => snapshot.Nodes.Keys.Select(path => path[_root.Length..]);

    private static string Text(NodeData node) => System.Text.Encoding.UTF8.GetString(node.Data);
}

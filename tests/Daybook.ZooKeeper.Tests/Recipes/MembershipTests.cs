using System.Text;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

[Collection(RecipeCollection.Name)]
public sealed class MembershipTests(RecipeServer shared)
{
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableFact(typeof(MissingToolException))]
    public async Task Followers_see_members_come_change_and_go()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var group = new GroupMembership(other.Sessions, $"{_root}/group");
        await using var updates = group.FollowAsync().GetAsyncEnumerator();
        await ExpectAsync(updates, "");

        var a = await new GroupMembership(one.Sessions, $"{_root}/group").JoinAsync("a", "1"u8.ToArray());
        await ExpectAsync(updates, "a=1");
        await using var b = await group.JoinAsync("b", "1"u8.ToArray());
        await ExpectAsync(updates, "a=1 b=1");
        await a.UpdateAsync("2"u8.ToArray());
        await ExpectAsync(updates, "a=2 b=1");
        Assert.Equal("a=2 b=1", Described(await group.MembersAsync()));
        await a.DisposeAsync();
        await ExpectAsync(updates, "b=1");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_member_is_back_with_its_last_payload_on_a_new_session()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var group = new GroupMembership(other.Sessions, $"{_root}/group");
        await using var member = await new GroupMembership(one.Sessions, $"{_root}/group").JoinAsync("a", "1"u8.ToArray());
        await member.UpdateAsync("2"u8.ToArray());
        var before = Assert.Single(await group.MembersAsync());
        await one.KillSessionAsync();

        IReadOnlyList<GroupMember> now = [];
        await Wait.UntilAsync(
            async () => (now = await group.MembersAsync()) is [var back] && back.SessionId != before.SessionId, "the member was back");
        Assert.Equal("a=2", Described(now));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Registration_whose_answer_was_lost_is_found_and_node_deleted_by_others_is_made_again()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var (path, client) = ($"{_root}/node", await other.Sessions.GetAsync());
        await (await one.Sessions.GetAsync()).EnsureAsync(_root, CreateMode.Persistent, default);
        for (var bytes = 1; bytes < 200; bytes += 40)
        {
            one.Network.DropAfter(ProxyDirection.ToClient, bytes);
            await using var node = await PersistentNode.StartAsync(one.Sessions, path, Encoding.UTF8.GetBytes($"{bytes}"));
            var found = await client.GetAsync(path);
            Assert.Equal($"{bytes}", Encoding.UTF8.GetString(found.Data));
            await client.DeleteAsync(path);
            await Wait.UntilAsync(async () => await client.ExistsAsync(path) is { } stat && stat.CreatedZxid > found.Stat.CreatedZxid, "it was made again");
        }
        await Wait.UntilAsync(async () => await client.ExistsAsync(path) is null, "it was gone");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F6_node_of_another_session_is_waited_for_and_never_touched()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await using var other = new Participant(await shared.StartedAsync(), _root);
        var client = await other.Sessions.GetAsync();
        var earlier = await PersistentNode.StartAsync(one.Sessions, $"{_root}/node");
        var waiting = PersistentNode.StartAsync(other.Sessions, $"{_root}/node");
        await one.DisconnectAsync();
        Assert.False(waiting.IsCompleted);
        Assert.Equal((await one.Sessions.GetAsync()).SessionId, (await client.ExistsAsync($"{_root}/node"))!.EphemeralOwner);
        one.Reconnect();
        await earlier.DisposeAsync();
        await using var later = await waiting;
        Assert.Equal(client.SessionId, (await client.ExistsAsync($"{_root}/node"))!.EphemeralOwner);
        await earlier.DisposeAsync();
        Assert.True(later.IsRegistered);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Node_that_is_not_ephemeral_is_refused_by_name()
    {
        await using var one = new Participant(await shared.StartedAsync(), _root);
        await (await one.Sessions.GetAsync()).CreateAsync(_root);
        var refused = await Assert.ThrowsAsync<ZooKeeperException>(() => PersistentNode.StartAsync(one.Sessions, _root));
        Assert.Equal((ZooKeeperError.NodeExists, _root), (refused.Error, refused.Path));
    }

    private static async Task ExpectAsync(IAsyncEnumerator<IReadOnlyList<GroupMember>> updates, string expected)
    {
        do
        {
            Assert.True(await updates.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)), $"ended before {expected}");
        }
        while (Described(updates.Current) != expected);
    }

    private static string Described(IEnumerable<GroupMember> members) =>
        string.Join(' ', members.Select(member => $"{member.Name}={Encoding.UTF8.GetString(member.Payload.Span)}"));
}

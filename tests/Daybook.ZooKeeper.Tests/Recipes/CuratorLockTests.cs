using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Peers;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>Our lock and Curator's stock recipes on the same line of nodes: each waits for the other.</summary>
[Collection(RecipeCollection.Name)]
public sealed class CuratorLockTests(RecipeServer shared)
{
    private const string Name = "shared";
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableTheory(typeof(MissingToolException)), InlineData("mutex"), InlineData("latch")]
    public async Task Curator_waits_for_our_holder(string recipe)
    {
        var server = await shared.StartedAsync();
        await CuratorPeer.RequireAsync();
        await using var one = new Participant(server, _root);
        var held = await new DistributedLock(one.Leases, Name).AcquireAsync();
        Assert.Equal("false", (await CuratorPeer.RunAsync(server.ConnectString, recipe, one.Leases.LineOf(Name), "try", "1000")).Trim());
        Assert.True(held.IsValid);
        await held.DisposeAsync();
        Assert.Equal("true", (await CuratorPeer.RunAsync(server.ConnectString, recipe, one.Leases.LineOf(Name), "try", "30000")).Trim());
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData("mutex"), InlineData("latch")]
    public async Task Ours_waits_for_a_holder_of_Curator_and_Curator_for_ours_in_turn(string recipe)
    {
        var server = await shared.StartedAsync();
        await CuratorPeer.RequireAsync();
        await using var one = new Participant(server, _root);
        var line = one.Leases.LineOf(Name);
        await using var holder = await CuratorPeer.StartAsync(server.ConnectString, recipe, line, "hold");
        await holder.ReadLineAsync("held");
        var waiting = one.Leases.AcquireAsync(Name);
        await LineAsync(one, places: 2);
        await using var next = await CuratorPeer.StartAsync(server.ConnectString, recipe, line, "hold");
        await LineAsync(one, places: 3);
        Assert.False(waiting.IsCompleted);

        await holder.WriteLineAsync("go on");
        var lease = await waiting;
        Assert.True(lease.IsValid);
        var served = next.ReadLineAsync("held");
        Assert.False(served.IsCompleted);
        await lease.DisposeAsync();
        await served;
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData("mutex"), InlineData("latch")]
    public async Task Never_both_hold_in_a_race(string recipe)
    {
        const int Rounds = 40;
        var server = await shared.StartedAsync();
        await CuratorPeer.RequireAsync();
        await using var one = new Participant(server, _root);
        var ours = new DistributedLock(one.Leases, Name);
        await (await ours.AcquireAsync()).DisposeAsync();
        var curator = CuratorPeer.RunAsync(
            server.ConnectString, recipe, one.Leases.LineOf(Name), "race", $"{_root}/inside", $"{Rounds}");
        var client = await one.Sessions.GetAsync();
        for (var round = 0; round < Rounds || !curator.IsCompleted; round++)
        {
            await using var lease = await ours.AcquireAsync();
            await client.CreateAsync($"{_root}/inside");
            await client.DeleteAsync($"{_root}/inside");
        }
        Assert.Equal("done", (await curator).Trim());
    }

    /// <summary>Waits until the given number of clients are in the queue, each counted by its kind of node, Daybook's by three.</summary>
    private static async Task LineAsync(Participant by, int places)
    {
        var client = await by.Sessions.GetAsync();
        await Wait.UntilAsync(
            async () => (await client.ChildrenAsync(by.Leases.LineOf(Name))).Names.Count(name =>
                !name.StartsWith("lease-", StringComparison.Ordinal) || name.Contains("-lock-", StringComparison.Ordinal)) == places,
            $"{places} stood in line");
    }
}

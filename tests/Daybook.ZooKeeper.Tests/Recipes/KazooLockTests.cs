using Daybook.Servers.Debian;
using Daybook.Servers.Peers;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>Our lock and kazoo's on the same line of nodes: each counts the other's as contenders.</summary>
[Collection(RecipeCollection.Name)]
public sealed class KazooLockTests(RecipeServer shared)
{
    private const string Name = "shared";

    /// <summary>The pattern that kazoo's users need for the nodes of earlier versions; ours of today are seen without any.</summary>
    private const string EarlierNodes = "'lease-[0-9a-f]{32}-'";
    private readonly string _root = RecipeServer.NewRoot();

    [SkippableTheory(typeof(MissingToolException)), InlineData(""), InlineData("'lock-'"), InlineData(EarlierNodes)]
    public async Task Kazoo_waits_for_our_holder(string patterns)
    {
        var server = await shared.StartedAsync();
        await using var one = new Participant(server, _root);
        await using var held = await new DistributedLock(one.Leases, Name).AcquireAsync();
        var said = await KazooPeer.RunAsync(server.ConnectString, $"""
            from kazoo.exceptions import LockTimeout
            lock = zk.Lock('{one.Leases.LineOf(Name)}', 'kazoo', extra_lock_patterns=[{patterns}])
            try:
                print(lock.acquire(timeout=1))
            except LockTimeout:
                print(False)
            """);
        Assert.Equal("False", said.Trim());
        Assert.True(held.IsValid);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ours_waits_for_a_holder_of_kazoo()
    {
        var server = await shared.StartedAsync();
        await using var one = new Participant(server, _root);
        var ours = new DistributedLock(one.Leases, Name);
        await (await ours.AcquireAsync()).DisposeAsync();
        await using var holder = await KazooPeer.StartAsync(server.ConnectString, $"""
            lock = zk.Lock('{one.Leases.LineOf(Name)}', 'kazoo')
            lock.acquire()
            print('held', flush=True)
            sys.stdin.readline()
            lock.release()
            print('released', flush=True)
            """);
        await holder.ReadLineAsync("held");
        Assert.Null(await ours.TryAcquireAsync(TimeSpan.FromSeconds(1)));
        await holder.WriteLineAsync("go on");
        await using var lease = await ours.TryAcquireAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(lease);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Never_both_hold_in_a_race()
    {
        const int Rounds = 40;
        var server = await shared.StartedAsync();
        await using var one = new Participant(server, _root);
        var ours = new DistributedLock(one.Leases, Name);
        await (await ours.AcquireAsync()).DisposeAsync();
        var kazoo = KazooPeer.RunAsync(server.ConnectString, $"""
            for i in range({Rounds}):
                with zk.Lock('{one.Leases.LineOf(Name)}', 'kazoo'):
                    zk.create('{_root}/inside')
                    time.sleep(0.002)
                    zk.delete('{_root}/inside')
            print('done')
            """);
        var client = await one.Sessions.GetAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await using var lease = await ours.AcquireAsync();
            await client.CreateAsync($"{_root}/inside");
            await client.DeleteAsync($"{_root}/inside");
        }
        Assert.Equal("done", (await kazoo).Trim());
    }
}

using Daybook.ZooKeeper.Tests.FakeServer;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>What tests of the client do again and again.</summary>
internal static class Clients
{
    /// <summary>How long a test waits for what must come.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public static Task<ZooKeeperClient> ConnectAsync(ScriptedServer server, Func<ZooKeeperOptions, ZooKeeperOptions>? with = null)
    {
        var options = new ZooKeeperOptions(server.Address) { SessionTimeout = TimeSpan.FromSeconds(6) };
        return ZooKeeperClient.ConnectAsync(with is null ? options : with(options)).WaitAsync(Patience);
    }

    /// <summary>Waits until the session is, or has meanwhile been, in a state.</summary>
    public static async Task ReachesAsync(this ZooKeeperClient client, ZooKeeperState wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var state in client.StatesAsync(patience.Token))
        {
            if (state == wanted)
                return;
        }
        Assert.Equal(wanted, client.State);
    }

    /// <summary>What a call that must fail fails with.</summary>
    public static async Task<ZooKeeperException> FailsAsync(this Task call, ZooKeeperError error)
    {
        var failure = await Assert.ThrowsAnyAsync<ZooKeeperException>(() => call.WaitAsync(Patience));
        Assert.True(failure.Error == error, failure.ToString());
        return failure;
    }

    /// <summary>The next event of a lasting watch.</summary>
    public static async Task<WatchEvent> NextAsync(this NodeWatch watch)
    {
        await using var events = watch.GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        return events.Current;
    }
}

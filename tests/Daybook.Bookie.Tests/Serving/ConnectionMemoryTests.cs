using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;

namespace Daybook.Bookie.Tests.Serving;

/// <summary>What a connection costs a bookie while it is idle, and once it is closed.</summary>
public sealed class ConnectionMemoryTests
{
    private const int Connections = 500;

    /// <summary>Two sockets of the test itself and the bookie's, with their tasks; a buffer for each would be 400 KiB.</summary>
    private const long MostWhileIdle = 24 * 1024;

    private const long MostOnceClosed = 4 * 1024;

    [Fact]
    public async Task Idle_connection_holds_no_buffers_and_a_closed_one_nothing()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using (var first = await bookie.ConnectAsync())
            await first.AddAsync(7, 0, payload: new byte[100]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<RawClient>();
        for (var i = 0; i < Connections; i++)
        {
            clients.Add(await bookie.ConnectAsync());
            Assert.Equal(BookieStatus.Ok, (await clients[i].ReadAsync(7, 0)).Status);
        }
        Assert.InRange(PerConnection(before), long.MinValue, MostWhileIdle);

        clients.ForEach(client => client.Dispose());
        clients.Clear();
        await Daybook.Servers.Wait.UntilAsync(() => PerConnection(before) < MostOnceClosed, $"a closed connection held less than {MostOnceClosed} bytes");
    }

    private static long PerConnection(long before) => (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
}

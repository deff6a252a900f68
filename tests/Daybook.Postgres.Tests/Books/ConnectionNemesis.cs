using System.Diagnostics;
using Daybook.Servers.Network;

namespace Daybook.Postgres.Tests.Books;

/// <summary>Breaks the connections through a proxy in all ways that it knows, by a seed, and leaves them whole.</summary>
internal sealed class ConnectionNemesis(FaultProxy proxy, Random random)
{
    internal async Task RunAsync(TimeSpan time)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            await StrikeAsync(random.Next(6));
            await Task.Delay(random.Next(5, 150));
        }
        proxy.ReleaseAll();
        proxy.AcceptConnections();
        proxy.CutAll();
    }

    private async Task StrikeAsync(int fault)
    {
        var direction = random.Next(2) == 0 ? ProxyDirection.ToServer : ProxyDirection.ToClient;
        switch (fault)
        {
            case 0 or 1:
                proxy.CutAll();
                break;
            case 2:
                proxy.HalfClose(direction);
                break;
            case 3:
                proxy.DropAfter(direction, random.Next(1, 3000));
                break;
            case 4:
                proxy.Hold(direction);
                await Task.Delay(random.Next(5, 200));
                if (random.Next(2) == 0)
                    proxy.CutAll();
                proxy.Release(direction);
                break;
            default:
                await proxy.RefuseConnectionsAsync();
                proxy.CutAll();
                await Task.Delay(random.Next(5, 200));
                proxy.AcceptConnections();
                break;
        }
    }
}

using System.Globalization;
using Daybook.Servers.Processes;

namespace Daybook.Servers.ZooKeeper;

/// <summary>An ensemble of ZooKeeper servers on the loopback address, each in a separate process.</summary>
public sealed class ZooKeeperEnsemble : IAsyncDisposable
{
    private readonly FreePorts _ports = new();

    private ZooKeeperEnsemble(ZooKeeperServerOptions options, int size)
    {
        var members = Enumerable.Range(1, size).ToDictionary(
            id => "server." + id.ToString(CultureInfo.InvariantCulture), _ => $"127.0.0.1:{_ports.Take()}:{_ports.Take()}");
        Servers = [.. Enumerable.Range(1, size).Select(id => new ZooKeeperServer(options, id, members))];
    }

    /// <summary>The servers, to be killed, restarted and frozen by index. Restarting one waits until it serves, which needs a majority.</summary>
    public IReadOnlyList<ZooKeeperServer> Servers { get; }

    /// <summary>What clients connect to: all servers, in order.</summary>
    public string ConnectString => string.Join(',', Servers.Select(s => s.ConnectString));

    /// <summary>Starts the servers and waits until all serve.</summary>
    /// <exception cref="Debian.MissingToolException">ZooKeeper or Java is not on this machine and cannot be installed.</exception>
    public static async Task<ZooKeeperEnsemble> StartAsync(ZooKeeperServerOptions? options = null, int size = 3)
    {
        await Java.RequireAsync();
        var ensemble = new ZooKeeperEnsemble(options ?? new ZooKeeperServerOptions(), size);
        try
        {
            await Task.WhenAll(ensemble.Servers.Select(s => s.RestartAsync()));
            return ensemble;
        }
        catch
        {
            await ensemble.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until one of the servers that run leads the others.</summary>
    /// <param name="notIndex">An index to ignore, for example that of a frozen leader.</param>
    /// <returns>Its index.</returns>
    public async Task<int> LeaderAsync(int? notIndex = null)
    {
        var leader = -1;
        await Wait.UntilAsync(async () => (leader = await IndexOfLeaderAsync(notIndex)) >= 0, "the ensemble had a leader");
        return leader;
    }

    /// <summary>The indexes of the servers that follow now.</summary>
    public async Task<IReadOnlyList<int>> FollowersAsync() => await WithModeAsync("follower", null);

    /// <summary>Waits until a server serves as something, for example <c>read-only</c> after the others were killed.</summary>
    public Task BecomesAsync(int index, string mode) =>
        Wait.UntilAsync(async () => await Servers[index].ModeAsync() == mode, $"server {index} was {mode}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
        _ports.Dispose();
    }

    private async Task<int> IndexOfLeaderAsync(int? notIndex) => await WithModeAsync("leader", notIndex) is [var leader] ? leader : -1;

    private async Task<IReadOnlyList<int>> WithModeAsync(string mode, int? notIndex)
    {
        var asked = Enumerable.Range(0, Servers.Count).Where(index => index != notIndex && Servers[index].IsRunning).ToList();
        var modes = await Task.WhenAll(asked.Select(index => Servers[index].ModeAsync()));
        return [.. asked.Where((_, at) => modes[at] == mode)];
    }
}

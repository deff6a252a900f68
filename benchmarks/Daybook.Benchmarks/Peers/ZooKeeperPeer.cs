using System.Text.Json;
using Daybook.Servers.Debian;
using Daybook.Servers.Peers;
using Daybook.Servers.Processes;

namespace Daybook.Benchmarks.Peers;

/// <summary>Another ZooKeeper client, run in a separate process: the C client where it can be compiled, kazoo elsewhere.</summary>
internal sealed class ZooKeeperPeer
{
    private readonly string _program;
    private readonly string[] _args;

    private ZooKeeperPeer(string program, params string[] args) => (_program, _args) = (program, args);

    /// <summary>What a peer did in the same run.</summary>
    public sealed class Result(JsonElement line)
    {
        public string Peer => line.GetProperty("peer").GetString()!;

        /// <summary>Null for an operation that the peer does not measure.</summary>
        public double? PerSecond(string operation) =>
            line.TryGetProperty(operation, out var measured) ? measured.GetProperty("per_second").GetDouble() : null;
    }

    /// <summary>Compiles the C peer into a folder, or finds kazoo.</summary>
    public static async Task<ZooKeeperPeer> PrepareAsync(string folder)
    {
        var sources = Path.Combine(AppContext.BaseDirectory, "peers");
        try
        {
            await DebianTool.RequireAsync("gcc", "gcc");
            await DebianTool.RequireAsync("/usr/include/zookeeper/zookeeper.h", "libzookeeper-mt-dev");
            var program = Path.Combine(folder, "zookeeper_c");
            var source = Path.Combine(sources, "zookeeper_c.c");
            (await Tool.RunAsync("gcc", ["-O2", "-DTHREADED", source, "-o", program, "-lzookeeper_mt", "-lpthread"])).Succeeded();
            return new ZooKeeperPeer(program);
        }
        catch (MissingToolException)
        {
            await KazooPeer.RequireAsync();
            return new ZooKeeperPeer(KazooPeer.Python, Path.Combine(sources, "zookeeper_kazoo.py"));
        }
    }

    public async Task<Result> MeasureAsync(string connect, double seconds, int outstanding)
    {
        var run = await Tool.RunAsync(_program, [.. _args, connect, FormattableString.Invariant($"{seconds}"), $"{outstanding}"]);
        return new Result(JsonDocument.Parse(run.Succeeded()).RootElement);
    }
}

using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Daybook.Servers.Peers;

/// <summary>kazoo, the Python client of ZooKeeper (Debian's <c>python3-kazoo</c>): runs scripts of tests that find a started client in <c>zk</c>.</summary>
public static class KazooPeer
{
    /// <summary>The interpreter that has it.</summary>
    public const string Python = "/usr/bin/python3";
    private const string Module = "/usr/lib/python3/dist-packages/kazoo/client.py";

    // The interpreter's own path, as Debian's modules belong to Debian's interpreter.
    private const string Around = """
        import json, sys, threading, time
        from kazoo.client import KazooClient
        from kazoo.exceptions import *
        from kazoo.protocol.states import *
        def client(hosts, **more):
            started = KazooClient(hosts=hosts, timeout=10.0, **more)
            started.start(timeout=30)
            return started
        zk = client(sys.argv[1])
        try:
            exec(compile(sys.argv[2], 'script', 'exec'))
        finally:
            zk.stop()
            zk.close()
        """;

    /// <summary>Runs a script to its end.</summary>
    /// <param name="connectString">What <c>zk</c> connects to.</param>
    /// <param name="script">Python; has <c>zk</c>, <c>client(hosts, ...)</c>, <c>json</c>, <c>time</c>, <c>threading</c> and kazoo's exceptions and states.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">The script failed; the message has Python's trace.</exception>
    /// <exception cref="MissingToolException">kazoo is not on this machine and cannot be installed.</exception>
    public static async Task<string> RunAsync(string connectString, string script, CancellationToken cancellationToken = default)
    {
        await RequireAsync();
        return (await Tool.RunAsync(Python, ["-c", Around, connectString, script], cancellationToken)).Succeeded();
    }

    /// <summary>Starts a script that the test speaks with by lines: it prints with <c>flush=True</c> and reads <c>sys.stdin.readline()</c>.</summary>
    /// <exception cref="MissingToolException">kazoo is not on this machine and cannot be installed.</exception>
    public static async Task<ServerProcess> StartAsync(string connectString, string script)
    {
        await RequireAsync();
        return ServerProcess.Start(Python, ["-c", Around, connectString, script]);
    }

    /// <summary>Makes sure that kazoo is there.</summary>
    /// <exception cref="MissingToolException">It is not on this machine and cannot be installed.</exception>
    public static Task RequireAsync() => DebianTool.RequireAsync(Module, "python3-kazoo");
}

using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Daybook.Servers.Peers;

/// <summary>The C client of ZooKeeper by its command line <c>cli_mt</c> (Debian's <c>zookeeper-bin</c>).</summary>
public static class CClient
{
    private const string Program = "/usr/lib/zookeeper/bin/cli_mt";

    // It exits with 0 even if the server answered with an error.
    private const string Failure = "rc = -";

    /// <summary>Runs one command: <c>create /a</c> (no data), <c>set /a data</c>, <c>get /a</c>, <c>ls /a</c> and more.</summary>
    /// <param name="connectString">What it connects to.</param>
    /// <param name="command">The command and its arguments, as one text.</param>
    /// <returns>What it printed, to its standard output and error.</returns>
    /// <exception cref="InvalidOperationException">The command failed; the message contains its output.</exception>
    /// <exception cref="MissingToolException">The client is not on this machine and cannot be installed.</exception>
    public static async Task<string> RunAsync(string connectString, string command)
    {
        await DebianTool.RequireAsync(Program, "zookeeper-bin");
        var run = await Tool.RunAsync(Program, ["-h", connectString, "-c", command]);
        var output = run.Succeeded() + run.Error;
        return output.Contains(Failure, StringComparison.Ordinal)
            ? throw new InvalidOperationException($"'{Program}' failed at '{command}':\n{output}")
            : output;
    }
}

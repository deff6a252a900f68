using Daybook.Servers.Processes;
using Daybook.Servers.ZooKeeper;

namespace Daybook.Servers.Peers;

/// <summary>zkCli, the command line of the Java client (Debian's <c>zookeeper</c>).</summary>
public static class ZkCli
{
    /// <summary>Runs one command, such as <c>get -s /a</c>; each word is a separate argument.</summary>
    /// <param name="connectString">What it connects to.</param>
    /// <param name="command">The command and its arguments.</param>
    /// <returns>Its output, without the first lines about the connection.</returns>
    /// <exception cref="InvalidOperationException">The command failed; the message contains its output.</exception>
    /// <exception cref="Debian.MissingToolException">ZooKeeper or Java is not on this machine and cannot be installed.</exception>
    public static async Task<string> RunAsync(string connectString, params string[] command)
    {
        await Java.RequireAsync();
        var run = await Tool.RunAsync(
            "java",
            [
                .. Java.Arguments(isFullSpeed: false, "error"),
                "org.apache.zookeeper.ZooKeeperMain", "-waitforconnection", "-timeout", "10000", "-server", connectString, .. command,
            ]);
        return run.Succeeded();
    }
}

using Daybook.Servers.Debian;
using Daybook.Servers.Processes;
using Daybook.Servers.ZooKeeper;

namespace Daybook.Servers.Peers;

/// <summary>Curator, the Java recipes on ZooKeeper (Debian's <c>libcurator-recipes-java</c>), through the program <c>CuratorPeer.java</c> beside this file.</summary>
public static class CuratorPeer
{
    private static readonly string[] s_jars =
        ["curator-recipes.jar", "curator-framework.jar", "curator-client.jar", "guava.jar", "slf4j-api.jar", "zookeeper-jute.jar"];

    /// <summary>Runs the program to its end.</summary>
    /// <param name="connectString">What it connects to.</param>
    /// <param name="args">The recipe, the line, and what to do; see the program.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its trace.</exception>
    /// <exception cref="MissingToolException">Curator or a JDK is not on this machine and cannot be installed.</exception>
    public static async Task<string> RunAsync(string connectString, params string[] args)
    {
        await RequireAsync();
        return (await Tool.RunAsync("java", [.. Arguments(connectString, args)])).Succeeded();
    }

    /// <summary>Starts the program; the test exchanges lines with it.</summary>
    /// <exception cref="MissingToolException">Curator or a JDK is not on this machine and cannot be installed.</exception>
    public static async Task<ServerProcess> StartAsync(string connectString, params string[] args)
    {
        await RequireAsync();
        return ServerProcess.Start("java", [.. Arguments(connectString, args)]);
    }

    /// <summary>Makes sure that Curator and a JDK are there: the program is run from its source.</summary>
    /// <exception cref="MissingToolException">They are not on this machine and cannot be installed.</exception>
    public static async Task RequireAsync()
    {
        await Java.RequireAsync();
        await DebianTool.RequireAsync("/usr/share/java/curator-recipes.jar", "libcurator-recipes-java");
        await DebianTool.RequireAsync("javac", "default-jdk-headless");
    }

    private static IEnumerable<string> Arguments(string connectString, string[] args) =>
        [.. Java.Arguments(isFullSpeed: false, "error", s_jars), Path.Combine(AppContext.BaseDirectory, "Peers", "CuratorPeer.java"), connectString, .. args];
}

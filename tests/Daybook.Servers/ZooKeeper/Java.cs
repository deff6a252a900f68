using Daybook.Servers.Debian;

namespace Daybook.Servers.ZooKeeper;

/// <summary>The Java programs of the Debian package <c>zookeeper</c>.</summary>
internal static class Java
{
    private const string Jars = "/usr/share/java/";

    // The jar of the package names most of its needs, but not these, which Netty and the log want.
    private static readonly string[] s_jars =
        ["zookeeper.jar", "slf4j-simple.jar", "netty-codec.jar", "netty-resolver.jar", "netty-transport-native-unix-common.jar"];

    internal static async Task RequireAsync()
    {
        await DebianTool.RequireAsync(Jars + "zookeeper.jar", "zookeeper");
        await DebianTool.RequireAsync("java", "default-jre-headless");
    }

    /// <summary>Arguments of a JVM that starts quickly and needs little memory, or of one that runs long; more jars come before those of ZooKeeper.</summary>
    internal static IEnumerable<string> Arguments(bool isFullSpeed, string logLevel, params string[] moreJars) =>
    [
        isFullSpeed ? "-Xmx512m" : "-Xmx128m", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData",
        .. isFullSpeed ? (string[])[] : ["-XX:TieredStopAtLevel=1"],
        Property("org.slf4j.simpleLogger.defaultLogLevel", logLevel),
        "-cp", string.Join(':', moreJars.Concat(s_jars).Select(jar => Jars + jar)),
    ];

    internal static string Property(string name, string value) => $"-D{name}={value}";
}

using System.Globalization;
using System.Net;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Connecting;

/// <summary>Servers and chroot: <c>host1:2181,host2:2181/apps/one</c>. A port may be left out (2181); IPv6 addresses stand in brackets.</summary>
internal sealed record ConnectString(IReadOnlyList<DnsEndPoint> Hosts, string Chroot)
{
    private const int DefaultPort = 2181;

    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.BadArguments"/>, naming the part that is wrong.</exception>
    public static ConnectString Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw ZooKeeperException.BadArgument("The connect string is empty; it names servers as 'host:port,host:port/chroot'.");
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var chroot = slash < 0 ? "" : text[slash..];
        if (chroot == "/")
            chroot = "";
        if (chroot.Length > 0)
            PathRules.Check(chroot);
        var servers = slash < 0 ? text : text[..slash];
        return new ConnectString([.. servers.Split(',').Select(server => Host(server.Trim(), text))], chroot);
    }

    /// <summary>A client's path as the server knows it.</summary>
    public string ToServer(string path) => Chroot.Length == 0 ? path : path == "/" ? Chroot : Chroot + path;

    /// <summary>A server's path as the client knows it; null when it lies outside the chroot.</summary>
    public string? ToClient(string path)
    {
        if (Chroot.Length == 0)
            return path;
        if (path == Chroot)
            return "/";
        return path.StartsWith(Chroot, StringComparison.Ordinal) && path[Chroot.Length] == '/' ? path[Chroot.Length..] : null;
    }

    private static DnsEndPoint Host(string server, string all)
    {
        var (host, port) = (server, "");
        var end = server.StartsWith('[') ? server.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = server.IndexOf(':', end + 1);
        if (colon >= 0)
            (host, port) = (server[..colon], server[(colon + 1)..]);
        host = host.Trim('[', ']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw ZooKeeperException.BadArgument($"'{server}' in the connect string '{all}' names no host.");
        if (colon < 0)
            return new DnsEndPoint(host, DefaultPort);
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
            ? new DnsEndPoint(host, number)
            : throw ZooKeeperException.BadArgument($"'{port}' in the connect string '{all}' is no port; it must be from 1 to 65535.");
    }
}

using System.Net;

namespace Daybook.ZooKeeper.Connecting;

/// <summary>Which server to try next: all in a random order, each once, before any pause.</summary>
internal sealed class HostRing
{
    private readonly DnsEndPoint[] _hosts;
    private int _next;
    private int _tried;

    public HostRing(IReadOnlyList<DnsEndPoint> hosts, Random random)
    {
        _hosts = [.. hosts];
        random.Shuffle(_hosts);
    }

    public int Count => _hosts.Length;

    /// <summary>True when each has been tried once more since the last success, or since it was last true.</summary>
    public bool IsRoundDone { get; private set; }

    public DnsEndPoint Next()
    {
        var host = _hosts[_next];
        _next = (_next + 1) % _hosts.Length;
        IsRoundDone = ++_tried % _hosts.Length == 0;
        return host;
    }

    /// <summary>A connection was established.</summary>
    public void Succeeded() => (_tried, IsRoundDone) = (0, false);

    /// <summary>Goes to a certain server next.</summary>
    public void Prefer(DnsEndPoint host) => _next = Array.IndexOf(_hosts, host);

    /// <summary>The servers in the order in which they would be tried.</summary>
    public IEnumerable<DnsEndPoint> Others() => Enumerable.Range(0, _hosts.Length).Select(i => _hosts[(_next + i) % _hosts.Length]);
}

using System.Net;
using Daybook.ZooKeeper.Connecting;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class HostRingTests
{
    private readonly DnsEndPoint[] _hosts = [.. Enumerable.Range(1, 5).Select(port => new DnsEndPoint("h", port))];

    [Fact]
    public void All_servers_are_tried_once_before_each_pause()
    {
        var ring = new HostRing(_hosts, new Random(1));
        for (var round = 0; round < 3; round++)
        {
            var tried = new List<DnsEndPoint>();
            do
            {
                Assert.True(tried.Count < _hosts.Length);
                tried.Add(ring.Next());
            }
            while (!ring.IsRoundDone);
            Assert.Equal(_hosts, tried.OrderBy(host => host.Port));
        }
    }

    [Fact]
    public void Round_begins_anew_after_a_success()
    {
        var ring = new HostRing(_hosts, new Random(1));
        for (var i = 0; i < 4; i++)
            ring.Next();
        ring.Succeeded();
        ring.Next();
        Assert.False(ring.IsRoundDone);
    }

    [Fact]
    public void Servers_are_shuffled()
    {
        var firsts = Enumerable.Range(0, 50).Select(seed => new HostRing(_hosts, new Random(seed)).Next()).Distinct();
        Assert.Equal(5, firsts.Count());
    }

    [Fact]
    public void Preferred_server_is_next()
    {
        var ring = new HostRing(_hosts, new Random(1));
        ring.Prefer(_hosts[3]);
        Assert.Equal(_hosts[3], ring.Next());
    }
}

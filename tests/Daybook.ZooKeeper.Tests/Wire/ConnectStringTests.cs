using Daybook.ZooKeeper.Connecting;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class ConnectStringTests
{
    [Theory]
    [InlineData("one", "one:2181", "")]
    [InlineData("one:1,two:2", "one:1 two:2", "")]
    [InlineData("one:1, two:2/apps/x", "one:1 two:2", "/apps/x")]
    [InlineData("one/", "one:2181", "")]
    [InlineData("[::1]:5,[fe80::2]", "::1:5 fe80::2:2181", "")]
    [InlineData("127.0.0.1:65535/a", "127.0.0.1:65535", "/a")]
    public void Servers_and_chroot_are_read(string text, string hosts, string chroot)
    {
        var parsed = ConnectString.Parse(text);
        Assert.Equal(hosts, string.Join(' ', parsed.Hosts.Select(host => $"{host.Host}:{host.Port}")));
        Assert.Equal(chroot, parsed.Chroot);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("/a", "''")]
    [InlineData("one:0", "'0'")]
    [InlineData("one:65536", "'65536'")]
    [InlineData("one:", "''")]
    [InlineData("one:x2", "'x2'")]
    [InlineData("one:-1", "'-1'")]
    [InlineData("one,,two", "''")]
    [InlineData("one,", "''")]
    [InlineData("one two:1", "'one two:1'")]
    [InlineData("::1:2181", "'::1:2181'")]
    [InlineData("[::1", "'[::1'")]
    [InlineData("one/a//b", "//")]
    [InlineData("one/a/", "ends with '/'")]
    [InlineData("one/a/../b", "'..'")]
    public void Bad_one_is_refused_with_the_part_that_is_wrong(string text, string part)
    {
        var refused = Assert.Throws<ZooKeeperException>(() => ConnectString.Parse(text));
        Assert.Equal(ZooKeeperError.BadArguments, refused.Error);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h", "/", "/")]
    [InlineData("h", "/a", "/a")]
    [InlineData("h/r", "/", "/r")]
    [InlineData("h/r/s", "/a/b", "/r/s/a/b")]
    public void C10_path_goes_below_the_chroot_and_comes_back(string servers, string path, string full)
    {
        var chroot = ConnectString.Parse(servers);
        Assert.Equal(full, chroot.ToServer(path));
        Assert.Equal(path, chroot.ToClient(full));
    }

    [Theory]
    [InlineData("/other")]
    [InlineData("/rs")]
    [InlineData("/")]
    public void C10_path_outside_the_chroot_is_nobodys(string full) => Assert.Null(ConnectString.Parse("h/r").ToClient(full));
}

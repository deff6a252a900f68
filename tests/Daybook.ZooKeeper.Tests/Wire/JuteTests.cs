using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class JuteTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var acl = new ZooKeeperAcl(ZooKeeperPermissions.Read | ZooKeeperPermissions.Admin, "digest", "jörg:x");
        var written = new JuteWriter()
            .Int(int.MinValue).Long(long.MaxValue).Bool(true).Bool(false).Buffer([1, 2, 3]).Text("größe 日本").Texts(["", "b"]).Acl([acl]).Written;
        var reader = new JuteReader(written.Span);
        Assert.Equal((int.MinValue, long.MaxValue, true, false), (reader.Int(), reader.Long(), reader.Bool(), reader.Bool()));
        Assert.Equal([1, 2, 3], reader.Buffer());
        Assert.Equal("größe 日本", reader.Text());
        Assert.Equal(["", "b"], reader.Texts());
        Assert.Equal([acl], reader.Acl());
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Null_is_read_as_empty()
    {
        var reader = new JuteReader(new JuteWriter().Int(-1).Int(-1).Int(-1).Int(-1).Written.Span);
        Assert.Empty(reader.Buffer());
        Assert.Equal("", reader.Text());
        Assert.Empty(reader.Texts());
        Assert.Empty(reader.Acl());
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(9)]
    [InlineData(int.MaxValue)]
    public void C11_length_that_does_not_fit_the_frame_is_malformed(int length)
    {
        var frame = new JuteWriter().Int(length).Long(0).Written.ToArray();
        Assert.Throws<MalformedFrameException>(() => new JuteReader(frame).Buffer());
        Assert.Throws<MalformedFrameException>(() => new JuteReader(frame).Text());
        Assert.Throws<MalformedFrameException>(() => new JuteReader(frame).Texts());
        Assert.Throws<MalformedFrameException>(() => new JuteReader(frame).Acl());
    }

    [Fact]
    public void C11_long_list_that_is_not_there_takes_no_memory()
    {
        var frame = new JuteWriter().Int(100_000_000).Long(0).Written.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedFrameException>(() => new JuteReader(frame).Texts());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Connect_reply_of_an_old_server_without_the_last_field_is_read()
    {
        var password = new byte[16];
        password[3] = 7;
        var reply = ConnectReply.Read(new JuteWriter().Int(0).Int(4000).Long(0x99).Buffer(password).Written.Span);
        Assert.Equal((0x99, TimeSpan.FromSeconds(4), false), (reply.Identity.Id, reply.Timeout, reply.IsReadOnly));
        Assert.Equal(password, reply.Identity.Password);
    }

    [Fact]
    public void Requests_have_the_bytes_of_the_protocol()
    {
        var connect = ConnectReply.Request(SessionIdentity.None, 5, TimeSpan.FromSeconds(1), allowReadOnly: true);
        Assert.Equal("00000000" + "0000000000000005" + "000003E8" + "0000000000000000" + "00000010" + new string('0', 32) + "01", Convert.ToHexString(connect));
        var create = new ZooKeeperOperation.Create("/a", new byte[] { 0xff }, CreateMode.EphemeralSequential).Body("/a").Written;
        Assert.Equal(
            "00000002" + "2F61" + "00000001" + "FF" + "00000001" + "0000001F" + "00000005" + "776F726C64" + "00000006" + "616E796F6E65" + "00000003",
            Convert.ToHexString(create.Span));
    }
}

using Daybook.ZooKeeper.Connecting;
using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Watches;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class WatchBatchesTests
{
    private static readonly ConnectString s_servers = ConnectString.Parse("h/top");

    [Fact]
    public void C3_every_watch_is_set_again_in_requests_of_at_most_128_KiB()
    {
        var paths = new WatchedPaths(Many("d"), Many("e"), Many("c"), Many("p"), Many("r"));
        var batches = WatchBatches.Of(paths, s_servers, lastZxid: 77);
        Assert.True(batches.Count > 5);
        var read = Enumerable.Range(0, 5).Select(_ => new List<string>()).ToArray();
        foreach (var (operation, body) in batches)
        {
            Assert.Equal(OpCode.SetWatches2, operation);
            Assert.InRange(body.Length, 1, 128 * 1024);
            ReadInto(read, body.Span, lists: 5);
        }
        Assert.Equal(new[] { paths.Data, paths.Existence, paths.Children, paths.Persistent, paths.Recursive }.Select(Full), read);
    }

    [Fact]
    public void C3_one_shots_alone_use_the_request_that_old_servers_know()
    {
        var (operation, body) = Assert.Single(WatchBatches.Of(new WatchedPaths(["/a"], [], ["/"], [], []), s_servers, 77));
        Assert.Equal(OpCode.SetWatches, operation);
        var read = Enumerable.Range(0, 3).Select(_ => new List<string>()).ToArray();
        ReadInto(read, body.Span, lists: 3);
        Assert.Equal([[s_servers.ToServer("/a")], [], [s_servers.ToServer("/")]], read);
    }

    [Fact]
    public void Nothing_watched_needs_no_request() => Assert.Empty(WatchBatches.Of(new WatchedPaths([], [], [], [], []), s_servers, 1));

    private static void ReadInto(List<string>[] into, ReadOnlySpan<byte> body, int lists)
    {
        var reader = new JuteReader(body);
        Assert.Equal(77, reader.Long());
        for (var i = 0; i < lists; i++)
            into[i].AddRange(reader.Texts());
        Assert.Equal(0, reader.Remaining);
    }

    private static List<string> Full(IReadOnlyList<string> paths) => [.. paths.Select(s_servers.ToServer)];

    // The letter at the end takes two bytes: paths are counted in bytes, not in characters.
    private static string[] Many(string name) => [.. Enumerable.Range(0, 900).Select(i => $"/{name}{i}" + new string('ö', 80))];
}

using System.Text;
using Daybook.ZooKeeper.Connecting;
using Daybook.ZooKeeper.Watches;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>The requests that set watches again on a new connection: at most 128 KiB of paths each.</summary>
internal static class WatchBatches
{
    private const int LengthBytes = 4;
    private const int MaxBytes = 128 * 1024 - sizeof(long) - Lists * LengthBytes;
    private const int Lists = 5;

    public static List<(OpCode Operation, ReadOnlyMemory<byte> Body)> Of(WatchedPaths paths, ConnectString servers, long lastZxid)
    {
        var batches = new List<(OpCode, ReadOnlyMemory<byte>)>();
        var lists = Empty();
        var bytes = 0;
        foreach (var (list, path) in All(paths))
        {
            var full = servers.ToServer(path);
            var size = Encoding.UTF8.GetByteCount(full) + LengthBytes;
            if (bytes + size > MaxBytes && bytes > 0)
            {
                batches.Add(Batch(lists, paths.HasLasting, lastZxid));
                (lists, bytes) = (Empty(), 0);
            }
            lists[list].Add(full);
            bytes += size;
        }
        if (bytes > 0)
            batches.Add(Batch(lists, paths.HasLasting, lastZxid));
        return batches;
    }

    private static IEnumerable<(int List, string Path)> All(WatchedPaths paths) => paths.Data.Select(path => (0, path))
        .Concat(paths.Existence.Select(path => (1, path)))
        .Concat(paths.Children.Select(path => (2, path)))
        .Concat(paths.Persistent.Select(path => (3, path)))
        .Concat(paths.Recursive.Select(path => (4, path)));

    private static List<string>[] Empty() => [.. Enumerable.Range(0, Lists).Select(_ => new List<string>())];

    private static (OpCode, ReadOnlyMemory<byte>) Batch(List<string>[] lists, bool hasLasting, long lastZxid)
    {
        var body = new JuteWriter().Long(lastZxid);
        foreach (var list in hasLasting ? lists : lists[..3])
            body.Texts(list);
        return (hasLasting ? OpCode.SetWatches2 : OpCode.SetWatches, body.Written);
    }
}

using Daybook.BookKeeper;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Debian;
using Daybook.ZooKeeper;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>A bookie whose disk, a real file system, has no room any more under load.</summary>
public sealed class FullDiskTests
{
    private const long MiB = 1024 * 1024;
    private const int EntryBytes = 64 * 1024;

    [SkippableFact(typeof(MissingToolException))]
    public async Task S3_L1_a_bookie_with_a_full_disk_is_left_out_and_serves_again_once_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(80 * MiB);
        await using var cluster = await BookieCluster.StartAsync(2);
        var small = await cluster.AddBookieOnAsync(disk.Data, "--min-free", "0");
        await using var client = await BookKeeperClient.ConnectAsync(
            new BookKeeperOptions(new ZooKeeperOptions(cluster.ConnectString)) { AvoidFor = TimeSpan.FromSeconds(1) });
        await using var writer = await client.CreateAsync();
        var written = 0;
        for (; IsWritable(client, small) && written < 4_000; written += 20)
            await AppendAsync(writer, written, 20);
        Assert.False(IsWritable(client, small), "the disk never filled up");

        await AppendAsync(writer, written, 20);
        await disk.ResizeAsync(400 * MiB);
        await small.RestartAsync();
        await AppendAsync(writer, written + 20, 20);
        await cluster.Bookies[0].KillAsync();
        await using var other = await BookKeeperClient.ConnectAsync(cluster.ConnectString);
        var taken = await Patience.TryAsync(() => other.RecoverAsync(writer.Id));
        Assert.Equal(written + 39, taken.LastAddConfirmed.Value);
        await foreach (var entry in taken.ReadAsync(new EntryId(0), taken.LastAddConfirmed))
            Assert.True(entry.Data.Span.SequenceEqual(PayloadOf(entry.Id.Value)), $"entry {entry.Id} has other bytes");
    }

    private static bool IsWritable(BookKeeperClient client, BookieProcess bookie) =>
        client.Bookies.Any(known => known.Id.Value == bookie.Id && !known.IsReadOnly);

    private static Task<EntryId[]> AppendAsync(BookKeeperWriter writer, int first, int count) =>
        Task.WhenAll(Enumerable.Range(first, count).Select(entry => writer.AppendAsync(PayloadOf(entry))));

    private static byte[] PayloadOf(long entry)
    {
        var bytes = new byte[EntryBytes];
        new Random((int)entry).NextBytes(bytes);
        return bytes;
    }
}

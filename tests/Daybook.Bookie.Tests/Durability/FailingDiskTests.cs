using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Storage;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;

namespace Daybook.Bookie.Tests.Durability;

public sealed class FailingDiskTests
{
    private const int Small = 1024 * 1024;
    private static readonly byte[] s_payload = Enumerable.Repeat((byte)0xA5, 4000).ToArray();

    [Fact]
    public async Task S3_after_a_failed_sync_nothing_is_written_any_more_and_what_was_acknowledged_is_read()
    {
        var files = new SimulatedFileSystem();
        await using (var bookie = await TestBookie.StartAsync(files))
        {
            var failed = 0;
            bookie.Service.Failed = () => failed++;
            using var client = await bookie.ConnectAsync();
            Assert.Equal(BookieStatus.Ok, (await client.AddAsync(7, 0)).Status);
            files.Faults.FailNext(FileOperation.Sync);

            Assert.Equal(BookieStatus.IoError, (await client.AddAsync(7, 1)).Status);

            Assert.Equal(BookieStatus.IoError, (await client.AddAsync(7, 2)).Status);
            Assert.Equal(BookieStatus.IoError, (await client.FenceAsync(7)).Status);
            Assert.Equal(BookieStatus.IoError, (await client.WriteLacAsync(7, 1)).Status);
            Assert.Equal(BookieStatus.IoError, (await client.ForceAsync(7)).Status);
            Assert.Equal(BookieStatus.Ok, (await client.ReadAsync(7, 0)).Status);
            Assert.Equal(BookieStatus.IoError, (await client.ReadAsync(7, 1)).Status);
            Assert.Equal((1, true), (failed, bookie.Service.IsReadOnly));
        }
        await using var again = await TestBookie.StartAsync(files);
        using var reader = await again.ConnectAsync();
        Assert.Equal(BookieStatus.Ok, (await reader.ReadAsync(7, 0)).Status);
        Assert.Equal(BookieStatus.Ok, (await reader.AddAsync(7, 1)).Status);
    }

    [Fact]
    public async Task Full_disk_refuses_adds_and_loses_none_that_was_acknowledged()
    {
        var files = new SimulatedFileSystem();
        var acknowledged = 0;
        await using (var bookie = await TestBookie.StartAsync(files, segmentBytes: Small))
        {
            files.Faults.SpaceBytes = 3 * Small;
            using var client = await bookie.ConnectAsync();
            while (acknowledged < 2000 && (await client.AddAsync(7, acknowledged, payload: s_payload)).Status == BookieStatus.Ok)
                acknowledged++;
            Assert.InRange(acknowledged, 100, 1000);
            for (var entry = 0; entry < acknowledged; entry++)
                Assert.Equal(BookieStatus.Ok, (await client.ReadAsync(7, entry)).Status);
        }
        files.Faults.SpaceBytes = long.MaxValue;
        await using var again = await TestBookie.StartAsync(files, segmentBytes: Small);
        using var reader = await again.ConnectAsync();
        for (var entry = 0; entry < acknowledged; entry++)
            Assert.Equal(BookieStatus.Ok, (await reader.ReadAsync(7, entry)).Status);
        Assert.Equal(BookieStatus.Ok, (await reader.AddAsync(7, acknowledged)).Status);
    }

    [Fact]
    public async Task S5_damaged_byte_is_an_io_error_and_never_a_missing_entry_also_after_a_restart()
    {
        var files = new SimulatedFileSystem();
        await using (var bookie = await TestBookie.StartAsync(files, new BlockLogOptions { CacheBytes = 1 }, segmentBytes: Small))
        {
            using var client = await bookie.ConnectAsync();
            for (var entry = 0; entry < 600; entry++)
                Assert.Equal(BookieStatus.Ok, (await client.AddAsync(7, entry, payload: s_payload)).Status);
            Damage(files, "/log/segments/0000000001.log");

            var statuses = new List<BookieStatus>();
            for (var entry = 0; entry < 600; entry++)
                statuses.Add((await client.ReadAsync(7, entry)).Status);
            Assert.Equal([BookieStatus.Ok, BookieStatus.IoError], statuses.Distinct().Order());
            Assert.InRange(statuses.Count(status => status == BookieStatus.IoError), 1, 20);
            Assert.Equal(BookieStatus.NoEntry, (await client.ReadAsync(7, 600)).Status);
        }
        await using var again = await TestBookie.StartAsync(files, segmentBytes: Small);
        using var reader = await again.ConnectAsync();
        var found = new List<BookieStatus>();
        for (var entry = 0; entry < 600; entry++)
            found.Add((await reader.ReadAsync(7, entry)).Status);
        Assert.Equal([BookieStatus.Ok, BookieStatus.IoError], found.Distinct().Order());
        // The content of the damaged block is unknown, so no entry is known to be missing, and any ledger may be fenced.
        Assert.Equal(BookieStatus.IoError, (await reader.ReadAsync(7, 600)).Status);
        Assert.Equal(BookieStatus.IoError, (await reader.ReadAsync(8, 0)).Status);
        Assert.Equal(BookieStatus.IoError, (await reader.AddAsync(7, 600)).Status);
        Assert.Equal(BookieStatus.IoError, (await reader.FenceAsync(7)).Status);
    }

    private static void Damage(SimulatedFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        var at = bytes.AsSpan().IndexOf(s_payload.AsSpan(0, 100));
        files.FlipBit(path, at + 50);
    }
}

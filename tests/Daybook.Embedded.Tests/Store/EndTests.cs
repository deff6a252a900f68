using Daybook.Embedded.Tests.Support;

namespace Daybook.Embedded.Tests.Store;

/// <summary>What a clean end records, and what is noticed by it. Nothing that is intact is touched by an opening that fails.</summary>
public sealed class EndTests
{
    private static readonly string Clean = Path.Combine(SimulatedStore.Folder, "CLEAN");

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(30)]
    public async Task Newest_segment_that_was_cut_after_a_clean_end_is_an_error(int kilobytes)
    {
        await using var simulated = new SimulatedStore();
        var id = await WrittenAsync(simulated, 100);
        var original = Read(simulated, SimulatedStore.SegmentPath(2));
        Write(simulated, SimulatedStore.SegmentPath(2), original[..(kilobytes * 1024)]);
        ExpectDamage(simulated, SimulatedStore.SegmentPath(2));
        Write(simulated, SimulatedStore.SegmentPath(2), original);
        await simulated.ExpectEntriesAsync(id, 100);
    }

    [Fact]
    public async Task Newest_segment_that_is_all_zeros_after_a_clean_end_is_an_error()
    {
        await using var simulated = new SimulatedStore();
        var id = await WrittenAsync(simulated, 100);
        var original = Read(simulated, SimulatedStore.SegmentPath(2));
        Write(simulated, SimulatedStore.SegmentPath(2), new byte[original.Length]);
        ExpectDamage(simulated, SimulatedStore.SegmentPath(2));
        Write(simulated, SimulatedStore.SegmentPath(2), original);
        await simulated.ExpectEntriesAsync(id, 100);
    }

    [Fact]
    public async Task Older_copy_of_the_newest_segment_is_an_error_after_a_clean_end()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 20);
        await simulated.EndAsync();
        var older = Read(simulated, SimulatedStore.SegmentPath(1));
        var next = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(next, 10);
        await simulated.EndAsync();
        Write(simulated, SimulatedStore.SegmentPath(1), older);
        ExpectDamage(simulated, SimulatedStore.SegmentPath(1));
    }

    [Fact]
    public async Task Something_behind_the_end_is_an_error_and_is_not_cut_off()
    {
        await using var simulated = new SimulatedStore();
        await WrittenAsync(simulated, 10);
        var changed = Read(simulated, SimulatedStore.SegmentPath(1));
        changed[^100] = 1;
        Write(simulated, SimulatedStore.SegmentPath(1), changed);
        ExpectDamage(simulated, SimulatedStore.SegmentPath(1));
        Assert.Equal(changed, Read(simulated, SimulatedStore.SegmentPath(1)));
    }

    [Fact]
    public async Task Swapped_segments_are_an_error_and_both_stay()
    {
        await using var simulated = new SimulatedStore();
        var id = await WrittenAsync(simulated, 150);
        var (second, third) = (Read(simulated, SimulatedStore.SegmentPath(2)), Read(simulated, SimulatedStore.SegmentPath(3)));
        Write(simulated, SimulatedStore.SegmentPath(2), third);
        Write(simulated, SimulatedStore.SegmentPath(3), second);
        ExpectDamage(simulated, "segments");
        Assert.Equal(third, Read(simulated, SimulatedStore.SegmentPath(2)));
        Assert.Equal(second, Read(simulated, SimulatedStore.SegmentPath(3)));
        Write(simulated, SimulatedStore.SegmentPath(2), second);
        Write(simulated, SimulatedStore.SegmentPath(3), third);
        await simulated.ExpectEntriesAsync(id, 150);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(70)]
    [InlineData(1000)]
    public async Task Newest_segment_with_a_bad_beginning_is_never_taken_for_one_that_was_not_used(int offset)
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 70);
        simulated.Kill();
        simulated.Files.FlipBit(SimulatedStore.SegmentPath(2), offset);
        ExpectDamage(simulated, SimulatedStore.SegmentPath(2));
        simulated.Files.FlipBit(SimulatedStore.SegmentPath(2), offset);
        await simulated.ExpectEntriesAsync(writer.Id, 70);
    }

    [Fact]
    public async Task Segment_under_a_temporary_name_is_not_deleted_while_it_is_missing()
    {
        await using var simulated = new SimulatedStore();
        var id = await WrittenAsync(simulated, 150);
        simulated.Files.Rename(SimulatedStore.SegmentPath(1), SimulatedStore.SegmentPath(1) + ".tmp");
        Assert.Equal(ErrorCode.Corrupted, Assert.Throws<DaybookException>(() => simulated.Store).Code);
        simulated.Files.Rename(SimulatedStore.SegmentPath(1) + ".tmp", SimulatedStore.SegmentPath(1));
        await simulated.ExpectEntriesAsync(id, 150);
    }

    [Fact]
    public async Task Mark_of_a_clean_end_is_gone_while_the_store_is_open_and_a_damaged_one_is_an_error()
    {
        await using var simulated = new SimulatedStore();
        var id = await WrittenAsync(simulated, 10);
        Assert.True(simulated.Files.Exists(Clean));
        await simulated.ExpectEntriesAsync(id, 10);
        Assert.False(simulated.Files.Exists(Clean));
        await simulated.EndAsync();
        simulated.Files.FlipBit(Clean, 60);
        ExpectDamage(simulated, Clean);
    }

    private static async Task<LedgerId> WrittenAsync(SimulatedStore simulated, int entries)
    {
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, entries);
        await simulated.EndAsync();
        return writer.Id;
    }

    private static void ExpectDamage(SimulatedStore simulated, string file)
    {
        var damage = Assert.Throws<DaybookException>(() => simulated.Store);
        Assert.Equal(ErrorCode.Corrupted, damage.Code);
        Assert.Contains(file, damage.Message, StringComparison.Ordinal);
    }

    private static byte[] Read(SimulatedStore simulated, string path)
    {
        using var file = simulated.Files.OpenRead(path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private static void Write(SimulatedStore simulated, string path, byte[] bytes)
    {
        simulated.Files.Delete(path);
        using var file = simulated.Files.Open(path, create: true);
        file.Write(0, [bytes]);
        file.Sync();
        simulated.Files.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}

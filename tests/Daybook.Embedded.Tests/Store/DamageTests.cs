using Daybook.Embedded.Tests.Support;

namespace Daybook.Embedded.Tests.Store;

public sealed class DamageTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(70)]
    [InlineData(500)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public async Task S1_damage_in_the_middle_of_the_last_segment_is_an_error_that_names_file_and_offset(int offset)
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 30);
        simulated.Kill();
        simulated.Files.FlipBit(SimulatedStore.SegmentPath(1), offset);
        var damage = Assert.Throws<DaybookException>(() => simulated.Store);
        Assert.Equal(ErrorCode.Corrupted, damage.Code);
        Assert.Contains(SimulatedStore.SegmentPath(1), damage.Message, StringComparison.Ordinal);
        Assert.Contains("offset", damage.Message, StringComparison.Ordinal);
        simulated.Files.FlipBit(SimulatedStore.SegmentPath(1), offset);
        await simulated.ExpectEntriesAsync(writer.Id, 30);
    }

    [Fact]
    public async Task S1_damage_of_the_very_last_record_is_an_error_after_a_clean_end()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 3, length: 1000);
        await simulated.EndAsync();
        simulated.Files.FlipBit(SimulatedStore.SegmentPath(1), 120 + 40 + (3 * 1040) - 10);
        Assert.Equal(ErrorCode.Corrupted, Assert.Throws<DaybookException>(() => simulated.Store).Code);
    }

    [Fact]
    public async Task S5_damaged_entry_of_a_sealed_segment_is_an_error_on_that_entry_alone()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 150);
        simulated.Files.FlipBit(SimulatedStore.SegmentPath(1), 10_000);
        var reader = await simulated.Store.OpenAsync(writer.Id);
        var damaged = 0;
        for (var i = 0; i < 150; i++)
        {
            try
            {
                Assert.True((await reader.ReadAsync(new EntryId(i))).Data.Span.SequenceEqual(SimulatedStore.Bytes(i)));
            }
            catch (DaybookException damage) when (damage.Code == ErrorCode.Corrupted)
            {
                Assert.Contains(SimulatedStore.SegmentPath(1), damage.Message, StringComparison.Ordinal);
                damaged++;
            }
        }
        Assert.Equal(1, damaged);
        var read = await Assert.ThrowsAsync<DaybookException>(
            async () => await reader.ReadAsync(new EntryId(0), new EntryId(149)).CountAsync());
        Assert.Equal(ErrorCode.Corrupted, read.Code);
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_footer_is_noticed()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 70);
        await simulated.EndAsync();
        long length;
        using (var file = simulated.Files.OpenRead(SimulatedStore.SegmentPath(1)))
            length = file.Length;
        for (var offset = length - 560; offset < length; offset += 7)
        {
            simulated.Files.FlipBit(SimulatedStore.SegmentPath(1), offset, (int)(offset % 8));
            Assert.Equal(ErrorCode.Corrupted, Assert.Throws<DaybookException>(() => simulated.Store).Code);
            simulated.Files.FlipBit(SimulatedStore.SegmentPath(1), offset, (int)(offset % 8));
        }
        await simulated.ExpectEntriesAsync(writer.Id, 70);
    }

    [Theory]
    [InlineData("FORMAT")]
    [InlineData("segments/0000000001.log")]
    [InlineData("segments/0000000002.log")]
    [InlineData("segments/0000000003.log")]
    public async Task Missing_file_is_an_error(string name)
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 150);
        await simulated.EndAsync();
        simulated.Files.Delete(Path.Combine(SimulatedStore.Folder, name));
        Assert.Equal(ErrorCode.Corrupted, Assert.Throws<DaybookException>(() => simulated.Store).Code);
    }
}

using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Support;
using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.Store;

public sealed class FailureTests
{
    [Fact]
    public async Task Read_that_the_device_fails_is_a_named_error_and_may_be_tried_again()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 5);
        var reader = await simulated.Store.OpenAsync(writer.Id);
        simulated.Files.Faults.FailNext(FileOperation.Read);
        var failed = await Assert.ThrowsAsync<DaybookException>(async () => await reader.ReadAsync(new EntryId(2)));
        Assert.Equal(ErrorCode.StoreFailed, failed.Code);
        Assert.Contains(SimulatedStore.SegmentPath(1), failed.Message, StringComparison.Ordinal);
        await simulated.ExpectEntriesAsync(writer.Id, 5);
    }

    [Theory]
    [InlineData(FileOperation.Sync)]
    [InlineData(FileOperation.Write)]
    public async Task S3_after_a_failed_write_or_flush_nothing_is_accepted_until_the_store_is_opened_again(FileOperation operation)
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        var other = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 5);
        simulated.Files.Faults.FailNext(operation);
        var inDoubt = await Assert.ThrowsAsync<InDoubtException>(() => writer.AppendAsync(SimulatedStore.Bytes(5)));
        Assert.Equal(ErrorCode.StoreFailed, inDoubt.Code);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => other.AppendAsync(SimulatedStore.Bytes(0)));
        Assert.Equal(ErrorCode.StoreFailed, refused.Code);
        Assert.Equal(ErrorCode.StoreFailed, (await Assert.ThrowsAsync<DaybookException>(() => simulated.Store.CreateAsync().AsTask())).Code);
        Assert.Equal(ErrorCode.StoreFailed, (await Assert.ThrowsAsync<DaybookException>(() => simulated.Store.RecoverAsync(writer.Id).AsTask())).Code);
        await simulated.ExpectEntriesAsync(writer.Id, 5);

        await simulated.EndAsync();
        simulated.Crash();
        var recovered = await simulated.Store.RecoverAsync(writer.Id);
        Assert.InRange(recovered.LastAddConfirmed.Value, 4, 5);
    }

    [Fact]
    public async Task Waiting_reader_gets_an_error_when_the_store_stops()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        var waiting = (await simulated.Store.OpenAsync(writer.Id)).WaitAsync(new EntryId(0)).AsTask();
        simulated.Files.Faults.FailNext(FileOperation.Sync);
        await Assert.ThrowsAsync<InDoubtException>(() => writer.AppendAsync(SimulatedStore.Bytes(0)));
        Assert.Equal(ErrorCode.StoreFailed, (await Assert.ThrowsAsync<DaybookException>(() => waiting)).Code);
    }

    [Fact]
    public async Task Full_disk_stops_the_store_with_a_clear_error_and_loses_nothing()
    {
        await using var simulated = new SimulatedStore();
        var writer = await simulated.Store.CreateAsync();
        simulated.Files.Faults.SpaceBytes = 3 * 64 * 1024;
        var acknowledged = 0;
        var failure = await Assert.ThrowsAnyAsync<DaybookException>(async () =>
        {
            for (; ; acknowledged++)
                await writer.AppendAsync(SimulatedStore.Bytes(acknowledged));
        });
        Assert.Equal(ErrorCode.StoreFailed, failure.Code);
        Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
        Assert.True(acknowledged > 100);

        await simulated.EndAsync();
        simulated.Crash();
        simulated.Files.Faults.SpaceBytes = long.MaxValue;
        Assert.Equal(acknowledged - 1, (await simulated.Store.RecoverAsync(writer.Id)).LastAddConfirmed.Value);
        await simulated.ExpectEntriesAsync(writer.Id, acknowledged);
    }

    [Fact]
    public async Task Folder_in_use_is_refused_and_free_again_after_the_end()
    {
        using var folder = new TemporaryFolder();
        await using (await EmbeddedLedgerStore.OpenAsync(folder["ledgers"]))
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(() => EmbeddedLedgerStore.OpenAsync(folder["ledgers"]));
            Assert.Equal(ErrorCode.AlreadyInUse, refused.Code);
            Assert.Contains(folder["ledgers"], refused.Message, StringComparison.Ordinal);
        }
        await using var again = await EmbeddedLedgerStore.OpenAsync(folder["ledgers"]);
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_named()
    {
        await using var simulated = new SimulatedStore();
        simulated.Files.Faults.FailNext(FileOperation.Prepare, with: new UnauthorizedAccessException("Access is denied."));
        var refused = Assert.Throws<DaybookException>(() => simulated.Store);
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains($"'{SimulatedStore.Folder}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_of_a_newer_format_is_refused_naming_both_versions()
    {
        using var folder = new TemporaryFolder();
        await (await EmbeddedLedgerStore.OpenAsync(folder["ledgers"])).DisposeAsync();
        var format = Path.Combine(folder["ledgers"], "FORMAT");
        await File.WriteAllTextAsync(format, (await File.ReadAllTextAsync(format)).Replace("ledgers 2 ", "ledgers 3 ", StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<DaybookException>(() => EmbeddedLedgerStore.OpenAsync(folder["ledgers"]));
        Assert.Equal(ErrorCode.NewerFormat, refused.Code);
        Assert.Contains("format 3", refused.Message, StringComparison.Ordinal);
        Assert.Contains("up to 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 10, 0.5, nameof(EmbeddedLedgerStoreOptions.SegmentBytes))]
    [InlineData(1 << 20, 1 << 19, 0.5, nameof(EmbeddedLedgerStoreOptions.MaxEntryBytes))]
    [InlineData(1 << 20, 1 << 10, 1.0, nameof(EmbeddedLedgerStoreOptions.CompactBelow))]
    public async Task Option_out_of_range_is_named(int segment, int entry, double compact, string option)
    {
        var options = new EmbeddedLedgerStoreOptions { SegmentBytes = segment, MaxEntryBytes = entry, CompactBelow = compact };
        var refused = await Assert.ThrowsAsync<DaybookException>(() => EmbeddedLedgerStore.OpenAsync("unused", options, new SimulatedFileSystem()));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_after_the_end_are_refused()
    {
        await using var simulated = new SimulatedStore();
        var store = simulated.Store;
        var writer = await store.CreateAsync();
        var inFlight = writer.AppendAsync(SimulatedStore.Bytes(0));
        await simulated.EndAsync();
        Assert.Equal(0, (await inFlight).Value);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => writer.AppendAsync(SimulatedStore.Bytes(1)))).Code);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => store.CreateAsync().AsTask())).Code);
        var reader = await store.OpenAsync(writer.Id);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => reader.ReadAsync(new EntryId(0)).AsTask())).Code);
    }
}

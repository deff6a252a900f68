using Daybook.Coordination;
using Daybook.Embedded.Coordination;
using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.Coordination;

public sealed class LocalCoordinatorCrashTests
{
    private const string Folder = "coordination";

    [Fact]
    public async Task F3_acknowledged_changes_outlive_a_crash_at_any_operation()
    {
        for (var seed = 0; seed < 150; seed++)
            Assert.True(await HoldsAsync(seed, lying: false), $"seed {seed}");
    }

    [Fact]
    public async Task Skipped_fsync_is_found()
    {
        var found = false;
        for (var seed = 0; seed < 150 && !found; seed++)
            found = !await HoldsAsync(seed, lying: true);
        Assert.True(found);
    }

    [Theory]
    [InlineData(FileOperation.Write)]
    [InlineData(FileOperation.Sync)]
    [InlineData(FileOperation.Rename)]
    [InlineData(FileOperation.SyncDirectory)]
    public async Task C2_failed_write_is_in_doubt_and_the_next_call_finds_what_became_of_it(FileOperation operation)
    {
        var files = new SimulatedFileSystem(3);
        var coordinator = await LocalCoordinator.OpenAsync(Folder, files);
        var record = await coordinator.CreateAsync("a", new byte[] { 1 });
        files.Faults.FailNext(operation);
        await Assert.ThrowsAsync<InDoubtException>(() => coordinator.UpdateAsync("a", new byte[] { 2 }, record.Version).AsTask());
        files.Faults.FailNext(FileOperation.Write);
        Assert.Equal(ErrorCode.StoreFailed, (await Assert.ThrowsAsync<DaybookException>(async () => await coordinator.ReadAsync("a"))).Code);
        var found = (await coordinator.ReadAsync("a"))!;
        Assert.InRange(found.Value.Span[0], 1, 2);
        files.Crash();
        await using var reopened = await LocalCoordinator.OpenAsync(Folder, files);
        Assert.Equal(found.Value.ToArray(), (await reopened.ReadAsync("a"))!.Value.ToArray());
    }

    [Fact]
    public async Task Damaged_file_is_an_error_that_names_it()
    {
        var files = new SimulatedFileSystem();
        await using (var coordinator = await LocalCoordinator.OpenAsync(Folder, files))
            await coordinator.CreateAsync("a", new byte[] { 1 });
        files.FlipBit(Path.Combine(Folder, "records"), 40);
        var damage = await Assert.ThrowsAsync<DaybookException>(() => LocalCoordinator.OpenAsync(Folder, files));
        Assert.Equal(ErrorCode.Corrupted, damage.Code);
        Assert.Contains("records", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_in_use_is_refused()
    {
        var files = new SimulatedFileSystem();
        await using var first = await LocalCoordinator.OpenAsync(Folder, files);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => LocalCoordinator.OpenAsync(Folder, files));
        Assert.Equal(ErrorCode.AlreadyInUse, refused.Code);
    }

    /// <summary>Counts a record and an epoch up over many crashes; what was acknowledged must be there, and at most one more.</summary>
    private static async Task<bool> HoldsAsync(int seed, bool lying)
    {
        var files = new SimulatedFileSystem(seed);
        var random = new Random(seed);
        files.Faults.LyingSync = lying;
        var (value, epoch) = (0L, 0L);
        for (var life = 0; life < 8; life++)
        {
            files.Faults.CrashAfter(random.Next(1, 40));
            try
            {
                var coordinator = await LocalCoordinator.OpenAsync(Folder, files);
                var record = await coordinator.ReadAsync("counter");
                if ((record is null ? 0 : BitConverter.ToInt64(record.Value.Span)) < value)
                    return false;
                value = record is null ? 0 : BitConverter.ToInt64(record.Value.Span);
                while (true)
                {
                    record = await WriteAsync(coordinator, record, value + 1);
                    value++;
                    await using var lease = await coordinator.AcquireAsync("lease");
                    if (lease.Epoch.Value <= epoch)
                        return false;
                    epoch = lease.Epoch.Value;
                }
            }
            catch (DaybookException failure) when (failure.Code is ErrorCode.StoreFailed or ErrorCode.InvalidArgument)
            {
                files.Crash();
            }
            catch (DaybookException damage) when (lying && damage.Code == ErrorCode.Corrupted)
            {
                return false;
            }
        }
        return true;
    }

    private static ValueTask<CoordinationRecord> WriteAsync(LocalCoordinator coordinator, CoordinationRecord? record, long value) =>
        record is null
            ? coordinator.CreateAsync("counter", BitConverter.GetBytes(value))
            : coordinator.UpdateAsync("counter", BitConverter.GetBytes(value), record.Version);
}

using Daybook.Testing.Faults;

namespace Daybook.Testing.Tests.Faults;

public sealed class SimulatedFileSystemTests
{
    private const string Name = "folder/file";

    [Fact]
    public void Synced_bytes_and_names_outlive_every_crash()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var files = Written(seed, syncFile: true, syncFolder: true);
            files.Crash();
            Assert.All(Read(files), value => Assert.Equal(1, value));
        }
    }

    [Fact]
    public void Unsynced_bytes_survive_in_part_and_unsynced_names_now_and_then()
    {
        var (lost, kept, torn, whole) = (0, 0, 0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var files = Written(seed, syncFile: false, syncFolder: false);
            files.Crash();
            if (!files.Exists(Name))
            {
                lost++;
                continue;
            }
            kept++;
            var sum = Read(files).Sum(value => (long)value);
            if (sum is > 0 and < 5000)
                torn++;
            else if (sum == 5000)
                whole++;
        }
        Assert.True(lost > 10 && kept > 10 && torn > 5, $"{lost} lost, {kept} kept, {torn} torn, {whole} whole");
    }

    [Fact]
    public void Killed_process_leaves_what_it_wrote_but_not_its_handles_and_locks()
    {
        var files = Written(1, syncFile: false, syncFolder: false);
        var zombie = files.Open(Name, create: false);
        files.Lock("folder/LOCK");
        files.Kill();
        Assert.All(Read(files), value => Assert.Equal(1, value));
        Assert.Throws<SimulatedCrashException>(() => zombie.Write(0, [new byte[] { 2 }]));
        files.Lock("folder/LOCK").Dispose();
    }

    [Fact]
    public void Failed_sync_may_lose_bytes_that_a_later_sync_reports_as_safe()
    {
        var lost = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var files = Written(seed, syncFile: true, syncFolder: true);
            using var file = files.Open(Name, create: false);
            file.Write(0, [Enumerable.Repeat((byte)2, 5000).ToArray()]);
            files.Faults.FailNext(FileOperation.Sync);
            Assert.Throws<IOException>(file.Sync);
            file.Sync();
            files.Crash();
            if (Read(files).Contains((byte)1))
                lost++;
        }
        Assert.True(lost > 10, $"{lost} of 50 lost something");
    }

    [Fact]
    public void Planned_failures_hit_the_operation_they_name_and_full_disks_refuse()
    {
        var files = Written(1, syncFile: true, syncFolder: true);
        files.Faults.FailNext(FileOperation.Rename, skip: 1);
        files.Rename(Name, "folder/other");
        Assert.Throws<IOException>(() => files.Rename("folder/other", Name));
        files.Faults.SpaceBytes = 6000;
        using var file = files.Open("folder/other", create: false);
        Assert.Throws<IOException>(() => file.Allocate(6001));
        file.Allocate(6000);
    }

    [Fact]
    public void Lock_is_held_by_one()
    {
        var files = new SimulatedFileSystem();
        var held = files.Lock("folder/LOCK");
        Assert.Equal(ErrorCode.AlreadyInUse, Assert.Throws<DaybookException>(() => files.Lock("folder/LOCK")).Code);
        held.Dispose();
        files.Lock("folder/LOCK").Dispose();
    }

    private static SimulatedFileSystem Written(int seed, bool syncFile, bool syncFolder)
    {
        var files = new SimulatedFileSystem(seed);
        using var file = files.Open(Name, create: true);
        file.Write(0, [Enumerable.Repeat((byte)1, 5000).ToArray()]);
        if (syncFile)
            file.Sync();
        if (syncFolder)
            files.SyncDirectory("folder");
        return files;
    }

    private static byte[] Read(SimulatedFileSystem files)
    {
        using var file = files.OpenRead(Name);
        var bytes = new byte[5000];
        return bytes[..file.Read(0, bytes)];
    }
}

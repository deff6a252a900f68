using System.Diagnostics;
using Daybook.Embedded.Coordination;
using Daybook.Embedded.Files;
using Daybook.Embedded.Sqlite;
using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace Daybook.Embedded.Tests.Files;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhysicalFileSystem _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folder_that_this_process_holds_is_refused_with_what_to_dispose_and_can_be_waited_for()
    {
        using (_files.Lock(_folder["LOCK"]))
        {
            var refused = Assert.Throws<DaybookException>(() => _files.Lock(_folder["LOCK"]));
            Assert.Equal(ErrorCode.AlreadyInUse, refused.Code);
            Assert.True(refused.IsTransient);
            Assert.Contains("already open in this process", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Dispose the other book", refused.Message, StringComparison.Ordinal);
        }
        _files.Lock(_folder["LOCK"]).Dispose();
    }

    [Fact]
    public async Task F1_processes_with_the_locks_of_dotnet_switched_off_are_refused_all_the_same()
    {
        using var owner = StartWithoutLocks();
        Assert.NotNull(await owner.StandardOutput.ReadLineAsync());
        using var other = StartWithoutLocks();
        Assert.Contains($"in use by another process (id {owner.Id})", await other.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await other.WaitForExitAsync();
        Assert.NotEqual(0, other.ExitCode);
        Assert.Equal(ErrorCode.AlreadyInUse, (await Assert.ThrowsAsync<DaybookException>(async () => await EmbeddedLedgerStore.OpenAsync(_folder["ledgers"]))).Code);
        owner.Kill();
        await owner.WaitForExitAsync();
        await using var later = await EmbeddedLedgerStore.OpenAsync(_folder["ledgers"]);
    }

    /// <summary>Appends to ledgers in the folder for ever.</summary>
    private Process StartWithoutLocks() => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Daybook.Embedded.Crash.dll"), _folder["ledgers"]])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" },
        })!;

    [Fact]
    public void Lock_whose_file_was_removed_still_keeps_others_out()
    {
        if (OperatingSystem.IsWindows())
            return; // there a file that is held cannot be removed
        using var held = _files.Lock(_folder["LOCK"]);
        File.Delete(_folder["LOCK"]);
        Assert.Equal(ErrorCode.AlreadyInUse, Assert.Throws<DaybookException>(() => _files.Lock(_folder["LOCK"])).Code);
        Assert.True(held.IsHeld);
    }

    [Fact]
    public void Owner_on_a_shared_file_system_notices_another_that_wrote_itself_into_the_lock()
    {
        if (OperatingSystem.IsWindows())
            return; // a locked file cannot be written there
        using var held = PhysicalFolderLock.Take(_folder["LOCK"], isLocal: false);
        Assert.True(held.IsHeld);
        using (var other = new SafeFileHandle(NativeMethods.OpenUnlocked(_folder["LOCK"]), ownsHandle: true))
            RandomAccess.Write(other, "    123456"u8, 0);
        Assert.False(held.IsHeld);
    }

    [Fact]
    public async Task F1_of_two_owners_of_a_folder_without_locks_only_the_later_acknowledges()
    {
        await using var simulated = new SimulatedStore();
        simulated.Files.Faults.IgnoreLocks = true;
        var stale = simulated.Store;
        var writer = await stale.CreateAsync();
        await SimulatedStore.AppendAsync(writer, 3);
        await using var later = EmbeddedLedgerStore.Open(SimulatedStore.Folder, simulated.Options, simulated.Files);
        await Assert.ThrowsAsync<InDoubtException>(() => writer.AppendAsync(new byte[10]));
        Assert.Equal(ErrorCode.StoreFailed, (await Assert.ThrowsAsync<DaybookException>(async () => await stale.CreateAsync())).Code);
        await SimulatedStore.AppendAsync(await later.CreateAsync(), 3);
    }

    [Fact]
    public async Task F1_of_two_coordinators_of_a_folder_without_locks_only_the_later_writes()
    {
        await using var simulated = new SimulatedStore();
        simulated.Files.Faults.IgnoreLocks = true;
        await using var stale = await LocalCoordinator.OpenAsync("records", simulated.Files);
        await stale.CreateAsync("a", new byte[1]);
        await using var later = await LocalCoordinator.OpenAsync("records", simulated.Files);
        await Assert.ThrowsAsync<InDoubtException>(async () => await stale.CreateAsync("b", new byte[1]));
        Assert.Null(await later.ReadAsync("b"));
        await later.CreateAsync("c", new byte[1]);
    }

    [Fact]
    public async Task Folders_are_open_to_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
            return; // has no such modes
        await using (await EmbeddedLedgerStore.OpenAsync(_folder["data/ledgers"]))
        await using (await LocalCoordinator.OpenAsync(_folder["data/coordination"]))
        await using (var read = new SqliteProjections(new SqliteProjectionOptions { Path = _folder["read/models.db"] }))
            await read.OpenAsync();
        foreach (var made in new[] { "data", "data/ledgers", "data/ledgers/segments", "data/coordination", "read" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder[made]));
    }
}

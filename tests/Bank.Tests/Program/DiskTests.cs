using Bank.Tests.Running;
using Daybook.Embedded.Store;
using Daybook.Servers.Debian;

namespace Bank.Tests.Program;

/// <summary>A disk that is full or cannot be written: the real program on a real file system.</summary>
public sealed class DiskTests
{
    private const long MiB = 1024 * 1024;
    private static readonly string s_journal = Path.Combine(AppContext.BaseDirectory, "journals", "household-2018-2024.csv");

    private static readonly Lazy<Task<SortedDictionary<string, decimal>>> s_expected = new(CalmImportAsync);

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_disk_without_room_for_the_journal_is_named_and_the_import_goes_well_once_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(16 * MiB);
        var full = await FailsAsync(disk, "import", s_journal, "--exit");
        Assert.Contains("No space left on device", full, StringComparison.Ordinal);
        await disk.ResizeAsync(256 * MiB);
        await AssertImportsAsync(disk);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_disk_that_fills_up_during_an_import_is_named_and_the_import_is_completed_once_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(new EmbeddedLedgerStoreOptions().SegmentBytes + (2 * MiB));
        var full = await FailsAsync(disk, "import", s_journal, "--exit");
        Assert.Contains("disk is full", full, StringComparison.Ordinal);
        Assert.Contains("No space left on device", await FailsAsync(disk, "balances"), StringComparison.Ordinal);
        await disk.ResizeAsync(256 * MiB);
        await AssertImportsAsync(disk);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_disk_that_became_read_only_is_named_and_nothing_is_lost()
    {
        await using var disk = await SmallDisk.MountAsync(256 * MiB);
        await AssertImportsAsync(disk);
        await disk.MakeReadOnlyAsync();
        Assert.Contains("ead-only file system", await FailsAsync(disk, "import", s_journal, "--exit"), StringComparison.Ordinal);
        await disk.MakeWritableAsync();
        await AssertImportsAsync(disk);
    }

    /// <summary>Runs the program, which must end with one line that names the folder.</summary>
    private static async Task<string> FailsAsync(SmallDisk disk, params string[] args)
    {
        var run = await BankAsync(disk, args);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("bank: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(disk.Data, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        return run.Error;
    }

    /// <summary>The import ends well, and with the balances of one that never met a full disk.</summary>
    private static async Task AssertImportsAsync(SmallDisk disk)
    {
        var run = await BankAsync(disk, "import", s_journal, "--exit");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(await s_expected.Value, await ReferenceBalances.OfBankAsync((await BankAsync(disk, "balances", "--csv")).Output));
        var audit = await BankAsync(disk, "audit");
        Assert.True(audit.ExitCode == 0, audit.Output + audit.Error);
    }

    /// <summary>Runs the program on the disk, in a separate process.</summary>
    private static Task<BankRun> BankAsync(SmallDisk disk, params string[] args) => BankProcess.RunAsync(Path.GetTempPath(), [.. args, "--data", disk.Data]);

    private static async Task<SortedDictionary<string, decimal>> CalmImportAsync()
    {
        using var calm = new TemporaryFolder();
        await calm.BankAsync("import", s_journal, "--exit");
        var balances = await ReferenceBalances.OfBankAsync((await calm.BankAsync("balances", "--csv")).Output);
        Assert.InRange(balances.Count, 50, int.MaxValue);
        return balances;
    }
}

using Bank.Tests.Running;

namespace Bank.Tests.Program;

/// <summary>What people can do something about is one line on the error output, and an exit code.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--frobnicate", "bank: unknown option '--frobnicate'; see --help")]
    [InlineData("import", "bank: 'import' needs the names of the files to import; see --help")]
    [InlineData("import no-such-file.csv", "bank: there is no file 'no-such-file.csv'; see --help")]
    public async Task A_command_line_that_cannot_be_followed_ends_with_2(string line, string error)
    {
        var run = await _folder.BankAsync(line.Split(' '));
        Assert.Equal((2, error + "\n", false), (run.ExitCode, run.Error, Directory.Exists(_folder["data"])));
    }

    [Fact]
    public async Task Help_is_not_an_error()
    {
        var run = await _folder.BankAsync("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("import FILE", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_is_named()
    {
        await using var bank = BankProcess.Start(_folder.Path, "import", Travel, "--urls", "http://127.0.0.1:0");
        await bank.ServingAsync();
        await FailsWithAsync(_folder["data"]);
    }

    [Fact]
    public async Task A_folder_of_a_newer_format_is_named()
    {
        await _folder.BankAsync("import", Travel, "--exit");
        var format = Path.Combine(_folder["data"], "ledgers", "FORMAT");
        var parts = (await File.ReadAllTextAsync(format)).Split(' ');
        await File.WriteAllTextAsync(format, string.Join(' ', [parts[0], "999", .. parts[2..]]));
        Assert.Contains("999", await FailsWithAsync(_folder["data"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_book_is_named_and_not_repaired_in_silence()
    {
        await _folder.BankAsync("import", Travel, "--exit");
        var segment = Directory.EnumerateFiles(Path.Combine(_folder["data"], "ledgers"), "*.log", SearchOption.AllDirectories).First();
        await using (var file = File.OpenWrite(segment))
        {
            file.Position = 2_000;
            file.Write([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        }
        await FailsWithAsync(Path.GetFileName(segment));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        var place = "/proc/bank";
        var run = await InProcess.RunAsync("balances", "--data", place);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("bank: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(place, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_named()
    {
        await File.WriteAllTextAsync(_folder["data"], "");
        await FailsWithAsync(_folder["data"]);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using var bank = await RunningBank.StartAsync();
        var run = await _folder.BankAsync("import", Travel, "--port", bank.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($":{bank.Address.Port}", run.Error, StringComparison.Ordinal);
    }

    private static string Travel => Path.Combine(AppContext.BaseDirectory, "Files", "travel.csv");

    private async Task<string> FailsWithAsync(string named)
    {
        var run = await _folder.BankAsync("balances");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("bank: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        return run.Error;
    }
}

using Bank.Tests.Import;
using Bank.Tests.Running;
using Daybook.Servers.Processes;

namespace Bank.Tests.Program;

/// <summary>Relative paths are the caller's, also under <c>dotnet run --project</c>.</summary>
public sealed class WorkingFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_and_data_are_those_of_the_folder_that_dotnet_run_was_called_in()
    {
        _folder.Write("mine.csv", Journal.BeancountText("x A 1 USD", "x B -1 USD"));
        _folder.Write("appsettings.json", """{ "ConnectionStrings": { "Bank": "Host=127.0.0.1;Port=1" } }""");
        var run = await RunAsync("import", "mine.csv", "--exit");

        Assert.Contains("Imported: 1 new entries", run.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder["data/ledgers"]), run.Output + run.Error);
        Assert.Contains("A,USD,1", (await RunAsync("balances", "--csv")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_of_a_run_from_the_root_of_the_repository_is_ignored_by_git() =>
        Assert.Contains("/data/", Checkout.Read(".gitignore").Split('\n'));

    // The build of this very configuration, so that the run builds nothing.
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private Task<ToolRun> RunAsync(params string[] args) => Tool.RunAsync("sh",
        ["-c", "cd \"$1\" && shift && exec dotnet run --no-build \"$@\"", "sh", _folder.Path,
            "--configuration", Configuration, "--project", Checkout.PathOf("samples", "Bank"), "--", .. args]);
}

using System.Text.RegularExpressions;

namespace Daybook.Repository.Tests;

public sealed partial class TextTests
{
    private static readonly string[] Named = ["src", "samples", "tests", "docs", "benchmarks", "Framework.sln", "README.md"];

    private static readonly string[] Tools =
    [
        ".ci", ".github", ".config", ".editorconfig", ".gitattributes", ".gitignore", "Directory.Build.props", "Directory.Build.targets",
        "Directory.Packages.props", "global.json", "nuget.config", "LICENSE", "CHANGELOG.md", "SECURITY.md",
    ];

    private static readonly string[] Pure = ["src/Daybook.Core", "src/Daybook.Abstractions"];

    private static readonly string[] Banned =
    [
        "DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "DateTimeOffset.Now", "Random.Shared", "Guid.NewGuid", "Task.Run",
        "Task.Delay", "Thread.Sleep",
    ];

    [Fact]
    public void The_root_holds_the_named_entries_and_what_tools_look_for()
    {
        Repository.ExpectNone(
            Repository.RootEntries.Except(Named).Except(Tools),
            $"The root holds {string.Join(", ", Named)} and what tools look for there. Move these into one of them; plans belong to issues.");
    }

    [Fact]
    public void Code_has_no_regions_banners_or_work_left_over()
    {
        Repository.ExpectNone(
            Findings(Leftover()),
            "Fold long files by splitting them, write what is to be done into an issue, and finish what is begun: no #region, banner, TODO, FIXME or NotImplementedException.");
    }

    [Fact]
    public void Tests_and_code_wait_for_conditions_and_never_sleep()
    {
        Repository.ExpectNone(
            Findings(Sleep()),
            "Wait for the condition: a task, a barrier, or a timer of the injected TimeProvider.");
    }

    [Fact]
    public void Clocks_and_randomness_are_banned_in_core_and_abstractions()
    {
        Repository.ExpectNone(
            from project in Pure
            from symbol in Banned
            where !Repository.Read(project + "/BannedSymbols.txt").Contains(symbol, StringComparison.Ordinal)
            select $"{project}/BannedSymbols.txt lacks {symbol}",
            "The analyzer bans what BannedSymbols.txt names; keep the whole list.");
        Repository.ExpectNone(
            Repository.Code.Concat(Repository.Files("src", ".csproj")).Where(file => !Own(file) && Repository.Read(file).Contains("RS0030", StringComparison.Ordinal)),
            "Inject TimeProvider, Random or a scheduler instead of switching the ban off.");
    }

    [Fact]
    public void Nothing_names_a_path_of_somebodys_machine()
    {
        Repository.ExpectNone(Findings(MachinePath()), "Find files relative to the repository, or let an environment variable name them.");
    }

    [Theory]
    [InlineData("    #region Helpers")]
    [InlineData("    // TODO: finish")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("// -------- helpers --------")]
    public void The_search_for_leftovers_finds(string line) => Assert.Matches(Leftover(), line);

    private static IEnumerable<string> Findings(Regex what) =>
        from file in Repository.Code
        where !Own(file)
        from line in Repository.Lines(file).Index()
        where what.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    private static bool Own(string file) => file.StartsWith("tests/Daybook.Repository.Tests/", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*#(end)?region|\b(TODO|FIXME|HACK)\b|\bNotImplementedException\b|//\s*[-=*#]{4,}")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"(?<![\w.])/(work|home|Users|root)/\w")]
    private static partial Regex MachinePath();
}

using System.Xml.Linq;

namespace Daybook.Repository.Tests;

public sealed class ReferenceTests
{
    private static readonly string[] All =
    [
        "Daybook.Abstractions", "Daybook.Core", "Daybook.Embedded", "Daybook.ZooKeeper", "Daybook.BookKeeper", "Daybook.Bookie", "Daybook.Postgres",
        "Daybook.Hosting", "Daybook.Orleans", "Daybook.Testing", "Daybook.Cli",
    ];

    // What each project may reference. Bookie's indirect references are those of Embedded and BookKeeper.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Daybook.Abstractions"] = [],
        ["Daybook.Core"] = ["Daybook.Abstractions"],
        ["Daybook.Embedded"] = ["Daybook.Abstractions", "Daybook.Core"],
        ["Daybook.ZooKeeper"] = ["Daybook.Abstractions"],
        ["Daybook.BookKeeper"] = ["Daybook.Abstractions", "Daybook.ZooKeeper"],
        ["Daybook.Bookie"] = ["Daybook.Embedded", "Daybook.BookKeeper"],
        ["Daybook.Postgres"] = ["Daybook.Abstractions", "Daybook.Core"],
        ["Daybook.Hosting"] = ["Daybook.Abstractions", "Daybook.Core"],
        ["Daybook.Orleans"] = ["Daybook.Abstractions", "Daybook.Core", "Daybook.ZooKeeper"],
        ["Daybook.Testing"] = ["Daybook.Abstractions", "Daybook.Core"],
        ["Daybook.Cli"] = [.. All.Except(["Daybook.Orleans", "Daybook.Testing", "Daybook.Cli"])],
    };

    [Fact]
    public void Projects_reference_what_the_table_of_the_architecture_allows()
    {
        Repository.ExpectNone(
            from project in Repository.Files("src", ".csproj")
            let name = Path.GetFileNameWithoutExtension(project)
            from reference in References(project, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')))
            where !Allowed.GetValueOrDefault(name, []).Contains(reference)
            select $"{name} → {reference}",
            "These references are not in the table of projects. Move the code to the project whose charter it is; a new line in the table needs a reason in docs/architecture.md.");
    }

    [Fact]
    public void Every_project_in_src_is_in_the_table()
    {
        Repository.ExpectNone(
            Repository.Files("src", ".csproj").Where(p => !Allowed.ContainsKey(Path.GetFileNameWithoutExtension(p))),
            "A project with fewer than ten files and one consumer is merged into it. A new one needs a line in the table of ReferenceTests and a reason in docs/architecture.md.");
    }

    [Fact]
    public void No_shipped_project_references_a_test_framework()
    {
        Repository.ExpectNone(
            from project in Repository.Files("src", ".csproj").Concat(Repository.Files("samples", ".csproj"))
            from package in References(project, "PackageReference")
            where package.Contains("xunit", StringComparison.OrdinalIgnoreCase) || package.Contains("Test.Sdk", StringComparison.Ordinal)
            select $"{project} → {package}",
            "What ships must not depend on a test framework; suites throw their own exceptions.");
    }

    [Fact]
    public void Package_versions_stand_in_one_file()
    {
        Repository.ExpectNone(
            from project in Repository.Projects
            from element in XDocument.Parse(Repository.Read(project)).Descendants("PackageReference")
            where element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null
            select $"{project}: {element.Attribute("Include")?.Value}",
            "Write the version to Directory.Packages.props and leave it out of the project.");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Framework.sln").Replace('\\', '/');
        Repository.ExpectNone(
            Repository.Projects.Where(p => !solution.Contains(p, StringComparison.Ordinal)),
            "Add these with: dotnet sln Framework.sln add PROJECT");
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(Repository.Read(project)).Descendants(kind).Select(e => e.Attribute("Include")!.Value);
}

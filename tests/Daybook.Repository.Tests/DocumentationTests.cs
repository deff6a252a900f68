using System.Reflection;
using System.Text.RegularExpressions;

namespace Daybook.Repository.Tests;

public sealed partial class DocumentationTests
{
    private static IEnumerable<string> Pages =>
        ["README.md", .. Repository.Files("docs", ".md"), .. Repository.Files("samples", ".md"), .. Repository.Files("benchmarks", ".md")];

    [Fact]
    public void Links_lead_somewhere()
    {
        Repository.ExpectNone(
            from page in Pages
            from Match link in Link().Matches(WithoutCode(Repository.Read(page)))
            let target = link.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Resolves(page, target)
            select $"{page}: {target}",
            "These links lead nowhere: name an existing file, relative to the page, and an existing heading.");
    }

    [Fact]
    public void Types_that_the_pages_name_exist()
    {
        var known = KnownNames();
        Repository.ExpectNone(
            from page in Pages
            from Match name in QualifiedName().Matches(Repository.Read(page))
            where !known.Contains(name.Groups[1].Value)
            select $"{page}: {name.Groups[1].Value}",
            "These names in backticks are no type, namespace, member or project. Correct the page, or what the name was taken from.");
    }

    private static bool Resolves(string page, string target)
    {
        var parts = target.Split('#', 2);
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var path = parts[0].Length == 0 ? Path.Combine(Repository.Root, page) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
        return Path.Exists(path) && (parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal) || Headings(path).Contains(parts[1]));
    }

    private static IEnumerable<string> Headings(string page) => File.ReadLines(page)
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string WithoutCode(string page) => CodeBlock().Replace(page, "");

    private static HashSet<string> KnownNames()
    {
        var names = Repository.Projects.Select(p => Path.GetFileNameWithoutExtension(p)).ToHashSet();
        foreach (var type in Assemblies.All.SelectMany(a => a.GetTypes()).Where(t => t.FullName is not null))
        {
            var name = type.FullName!.Split('`')[0].Replace('+', '.');
            names.Add(name);
            names.UnionWith(type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Select(m => $"{name}.{m.Name}"));
            for (var space = type.Namespace; space?.Contains('.', StringComparison.Ordinal) == true; space = space[..space.LastIndexOf('.')])
                names.Add(space);
        }
        return names;
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(Daybook\.[A-Za-z0-9_.]*[A-Za-z0-9_])(?:<[^`]*>)?(?:\([^`]*\))?`")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^(```|~~~).*?^\1", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();
}

using System.Text.RegularExpressions;

namespace Daybook.Repository.Tests;

/// <summary>Every citation of a numbered statement resolves to a statement on the page of invariants.</summary>
public sealed partial class InvariantTests
{
    private const string Page = "docs/invariants.md";

    private static readonly string[] Statements = [.. Repository.Lines(Page).Select(line => Statement().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Statements_are_numbered_without_gap_or_double() =>
        Repository.ExpectNone(
            from letter in Statements.GroupBy(s => s[0])
            let expected = Enumerable.Range(1, letter.Count()).Select(n => $"{letter.Key}{n}")
            where !expected.SequenceEqual(letter)
            select $"{letter.Key}: {string.Join(", ", letter)}",
            "Number the statements of a letter 1, 2, 3 and so on; a number that was given is not given again.");

    [Fact]
    public void Every_citation_names_a_statement() =>
        Repository.ExpectNone(
            from file in Repository.Code.Concat(Repository.Files("docs", ".md")).Concat(Repository.Files("src", ".md"))
            where file != Page
            from line in Repository.Lines(file).Index()
            from cited in Cited(line.Item)
            where !Statements.Contains(cited)
            select $"{file}:{line.Index + 1}: {cited}",
            $"No such statement stands in {Page}. Correct the citation, or add the statement.");

    [Theory]
    [InlineData("/// only by compare-and-set (invariants J2, L20).", "J2 L20")]
    [InlineData("    public async Task J2_L20_loser_stops()", "J2 L20")]
    [InlineData("| L4 | An old writer acknowledges nothing |", "L4")]
    [InlineData("the host is T1000 and the unit is C4", "")]
    public void Citations_are_found(string line, string expected) => Assert.Equal(expected, string.Join(' ', Cited(line)));

    private static IEnumerable<string> Cited(string line) =>
        from Match citation in Citation().Matches(line)
        from Match number in Number().Matches(citation.Value)
        select number.Value;

    [GeneratedRegex(@"^- \*\*([JLSCFTKO][0-9]+)\*\* \S")]
    private static partial Regex Statement();

    [GeneratedRegex(@"[Ii]nvariants? [JLSCFTKO][0-9]+(?:(?:, | and )[JLSCFTKO][0-9]+)*|(?<=(?:Task|void) )(?:[JLSCFTKO][0-9]+_)+|^\| [JLSCFTKO][0-9]+ \|")]
    private static partial Regex Citation();

    [GeneratedRegex("[JLSCFTKO][0-9]+")]
    private static partial Regex Number();
}

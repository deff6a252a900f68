using System.Text.RegularExpressions;

namespace Daybook.Repository.Tests;

/// <summary>What the ledger client must hold is numbered (L1 to L23); tests are named after the numbers, and a page lists them.</summary>
public sealed partial class StatementTests
{
    private const int Statements = 23;
    private const string Page = "docs/bookkeeper.md";

    private static readonly HashSet<string> Tests =
    [
        .. from file in Repository.Files("tests", ".cs").Concat(Repository.Files("src/Daybook.Testing/Compliance", ".cs"))
           from Match test in Test().Matches(Repository.Read(file))
           select test.Groups[1].Value,
    ];

    [Fact]
    public void Every_statement_about_ledgers_has_a_test_named_after_it()
    {
        Repository.ExpectNone(
            from statement in Enumerable.Range(1, Statements)
            where !Tests.Any(test => test.Split('_').TakeWhile(part => Number().IsMatch(part)).Contains($"L{statement}"))
            select $"L{statement}",
            "Name the test that proves the statement after it, for example L4_old_writer_acknowledges_nothing.");
    }

    [Fact]
    public void Page_about_the_client_names_a_test_of_every_statement_and_only_tests_that_exist()
    {
        var rows = Repository.Lines(Page).Where(line => Row().IsMatch(line)).ToList();
        Repository.ExpectNone(
            from statement in Enumerable.Range(1, Statements)
            where !rows.Exists(row => row.StartsWith($"| L{statement} |", StringComparison.Ordinal) && TestName().IsMatch(row))
            select $"{Page} has no row for L{statement} that names a test",
            "Add the meaning of the statement and its test to the table.");
        Repository.ExpectNone(
            from row in rows
            from Match name in TestName().Matches(row)
            where !Tests.Contains(name.Groups[1].Value)
            select $"{Page}: {name.Groups[1].Value}",
            "No test has that name: correct the page.");
    }

    [GeneratedRegex(@"(?:public|internal) (?:async )?(?:Task|void) ([A-Z][0-9]+_[A-Za-z0-9_]+)\(")]
    private static partial Regex Test();

    [GeneratedRegex("^[A-Z][0-9]+$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\| L[0-9]+ \|")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z][0-9]+_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}

using System.Text.RegularExpressions;

namespace Daybook.Repository.Tests;

/// <summary>docs/errors.md names every code, once, with what the code itself answers.</summary>
public sealed partial class ErrorTableTests
{
    [Fact]
    public void Table_of_errors_has_a_row_for_every_code_and_agrees_with_it()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md")))
            .Select(row => (Code: row.Groups[1].Value, IsTransient: row.Groups[2].Value == "yes", Advice: row.Groups[4].Value.Trim())).ToArray();
        Assert.Equal(Enum.GetNames<ErrorCode>(), rows.Select(row => row.Code));
        foreach (var (code, isTransient, advice) in rows)
        {
            Assert.True(new DaybookException(Enum.Parse<ErrorCode>(code), "message").IsTransient == isTransient, code);
            Assert.NotEmpty(advice);
        }
    }

    [Fact]
    public void Nothing_that_lasts_until_somebody_acts_is_transient()
    {
        foreach (var code in new[] { ErrorCode.Closed, ErrorCode.StoreFailed, ErrorCode.Corrupted, ErrorCode.CommandIdReused, ErrorCode.NewerFormat })
            Assert.False(new DaybookException(code, "message").IsTransient, code.ToString());
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (yes|no) \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

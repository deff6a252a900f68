using System.Text;

namespace Daybook.Testing.Scenarios;

/// <summary>Compares the lines of two results and reports where they differ.</summary>
internal static class ScenarioReport
{
    /// <returns>A report for the reader; null when the results are the same.</returns>
    public static string? Difference(ScenarioBook run, IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        if (expected.SequenceEqual(actual))
            return null;
        var text = new StringBuilder("The scenario did not end as expected.\n");
        text.Append("when\n    ").Append(run.Script.When.Command).Append('\n');
        Section(text, "expected", expected, actual);
        Section(text, "actual", actual, expected);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        text.Append(title).Append('\n');
        foreach (var line in lines)
            text.Append(others.Contains(line) ? "    " : "  > ").Append(line).Append('\n');
    }
}

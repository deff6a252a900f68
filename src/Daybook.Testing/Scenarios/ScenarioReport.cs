using System.Globalization;
using System.Text;

namespace Daybook.Testing.Scenarios;

/// <summary>Compares the lines of two results and reports where they differ.</summary>
internal static class ScenarioReport
{
    /// <param name="run">The run.</param>
    /// <param name="expected">What should have come of it.</param>
    /// <param name="actual">What came of it.</param>
    /// <param name="detail">More about the actual outcome, which is not compared; may be null.</param>
    /// <returns>A report for the reader; null when the results are the same.</returns>
    public static string? Difference(ScenarioBook run, IReadOnlyList<string> expected, IReadOnlyList<string> actual, string? detail)
    {
        if (expected.SequenceEqual(actual))
            return null;
        var text = new StringBuilder("The scenario did not end as expected.\n");
        text.Append("given\n");
        foreach (var (stream, events) in run.Versions)
            text.Append(CultureInfo.InvariantCulture, $"    {stream}: {events switch { 0 => "no events", 1 => "1 event", _ => $"{events} events" }}\n");
        text.Append("when\n    ").Append(run.Script.When.Command).Append('\n');
        Section(text, "expected", expected, actual);
        Section(text, "actual", actual, expected);
        if (detail is not null)
            text.Append("      (").Append(detail).Append(")\n");
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        text.Append(title).Append('\n');
        foreach (var line in lines)
            text.Append(others.Contains(line) ? "    " : "  > ").Append(line).Append('\n');
    }
}

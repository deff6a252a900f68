using Bank.CommandLine;
using Bank.Import;
using Daybook.Testing.Time;

namespace Bank.Tests.CommandLine;

public sealed class ProgressBarTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_terminal_gets_a_bar_that_moves_at_most_ten_times_a_second()
    {
        var bar = new ProgressBar(_output, isTerminal: true, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        bar.Report(new ImportProgress(4, 1, 0));
        bar.Report(new ImportProgress(4, 2, 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        bar.Report(new ImportProgress(4, 3, 0));
        bar.Report(new ImportProgress(4, 3, 1));

        Assert.Equal(
            "\r  [########........................] 1 of 4 entries, 1 a second "
            + "\r  [########################........] 3 of 4 entries, 2 a second "
            + "\r  [################################] 4 of 4 entries, 2 a second \n", _output.ToString());
    }

    [Fact]
    public void Elsewhere_each_tenth_is_a_line()
    {
        var bar = new ProgressBar(_output, isTerminal: false, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var done in Enumerable.Range(1, 2_000))
            bar.Report(new ImportProgress(2_000, done, 0));

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.Equal("   10% 200 of 2,000 entries, 200 a second", lines[0]);
    }

    [Fact]
    public void News_that_come_late_do_not_move_the_bar_back()
    {
        var bar = new ProgressBar(_output, isTerminal: false, _time);
        bar.Report(new ImportProgress(2, 2, 0));
        bar.Report(new ImportProgress(2, 1, 0));
        Assert.StartsWith("  100% 2 of 2 entries", _output.ToString(), StringComparison.Ordinal);
        Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}

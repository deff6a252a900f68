using Daybook.Testing.Histories.Linearizability;
using Daybook.Testing.Histories.Text;

namespace Daybook.Testing.Tests.Histories.Linearizability;

public class LabelledHistoryTests
{
    [SkippableFact]
    public void Every_recorded_etcd_history_gets_the_verdict_of_its_label()
    {
        var folder = SharedFolder.Require("histories", "etcd-register");
        var labels = File.ReadLines(Path.Combine(folder, "expected.csv")).Select(line => line.Split(',')).ToDictionary(l => l[0], l => l[1]);
        var logs = Directory.GetFiles(folder, "*.log").Order().ToList();
        Assert.NotEmpty(logs);
        Assert.All(logs, log => Assert.Equal(labels[Path.GetFileName(log)], Check(log)));
    }

    private static string Check(string file)
    {
        using var log = File.OpenText(file);
        var history = HistoryText.Read(log, new RegisterFormat());
        return LinearizabilityChecker.Check(history, new RegisterModel()).Verdict switch
        {
            LinearizabilityVerdict.Linearizable => "linearizable",
            LinearizabilityVerdict.NotLinearizable => "not-linearizable",
            _ => "unknown",
        };
    }
}

using Daybook.Testing.Histories;

namespace Daybook.Testing.Tests.Histories;

public class BankTotalsTests
{
    [Fact]
    public void T13_a_read_that_sees_half_a_transfer_is_found()
    {
        var recorder = new HistoryRecorder<string, decimal[]>();
        recorder.Invoke(new(0), "read").Ok([60, 40]);
        recorder.Invoke(new(0), "transfer").Ok([30]);
        recorder.Invoke(new(0), "read").Ok([30, 40]);
        recorder.Invoke(new(0), "read").Ok([30, 70]);
        _ = recorder.Invoke(new(1), "read");
        var wrong = BankTotals.WrongReads(recorder.ToHistory(), 100, o => o.Call == "read" ? o.Return : null);
        Assert.Equal([2], wrong.Select(o => o.Index));
    }
}

using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;
using Daybook.Testing.Histories.Text;

namespace Daybook.Testing.Tests.Histories;

public class HistoryTextTests
{
    [Fact]
    public void A_log_of_Jepsen_is_read_with_its_prefix_nemesis_and_unknown_outcomes()
    {
        var history = Read("""
            INFO  jepsen.util - :nemesis	:info	:start	nil
            INFO  jepsen.util - 0	:invoke	:read	nil
            INFO  jepsen.util - 13  :invoke :cas    [3 0]
            INFO  jepsen.util - 0	:ok	:read	nil

            INFO  jepsen.util - 13  :info   :cas    :timed-out
            INFO  jepsen.util - 2	:invoke	:write	4
            INFO  jepsen.util - 2	:fail	:write	:timed-out
            """);
        Assert.Equal(
            [
                (0, RegisterCall.Read(""), Completion.Ok),
                (13, RegisterCall.CompareAndSet("", 3, 0), Completion.Info),
                (2, RegisterCall.Write("", 4), Completion.Fail),
            ],
            history.Operations.Select(o => (o.Process.Value, o.Call, o.Completion)));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var recorder = new HistoryRecorder<RegisterCall, RegisterReturn>();
        _ = recorder.Invoke(new(9), RegisterCall.Write("x", -1));
        recorder.Invoke(new(0), RegisterCall.Write("a \"b\" \\", 4)).Ok(RegisterReturn.Written);
        recorder.Invoke(new(0), RegisterCall.Read("x")).Ok(RegisterReturn.Read(null));
        recorder.Invoke(new(0), RegisterCall.Read("x")).Ok(RegisterReturn.Read(7));
        recorder.Invoke(new(0), RegisterCall.Read("")).Ok(RegisterReturn.Read(7));
        recorder.Invoke(new(0), RegisterCall.CompareAndSet("x", null, 1)).Ok(RegisterReturn.CompareAndSet(false));
        recorder.Invoke(new(0), RegisterCall.CompareAndSet("", 5, 1)).Ok(RegisterReturn.CompareAndSet(true));
        recorder.Invoke(new(0), RegisterCall.CompareAndSet("x", 5, 1)).Fail();
        var text = Write(recorder.ToHistory());
        Assert.Equal(recorder.ToHistory().Operations, Read(text).Operations);
        Assert.Equal(text, Write(Read(text)));
    }

    [Fact]
    public void Transactions_on_lists_read_back_as_they_were_written()
    {
        const string Text = """
            0	:invoke	:txn	[[:append "x" 1] [:r "a b" nil]]
            1	:invoke	:txn	[[:append "x" 2]]
            2	:invoke	:txn	[]
            0	:ok	:txn	[[:append "x" 1] [:r "a b" [3 -4]]]
            1	:fail	:txn	[[:append "x" 2]]
            2	:info	:txn	[]

            """;
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(HistoryText.Read(new StringReader(Text), new ListAppendFormat()), new ListAppendFormat(), output);
        Assert.Equal(Text, output.ToString());
        Assert.Throws<FormatException>(() => HistoryText.Read(new StringReader("0 :invoke :txn [[:pop x]]"), new ListAppendFormat()));
        Assert.Throws<FormatException>(() => HistoryText.Read(new StringReader("0 :invoke :txn 5"), new ListAppendFormat()));
    }

    [Theory]
    [InlineData("0 :invoke :read nil\nnonsense", "Line 2")]
    [InlineData("0 :ok :read nil", "did not invoke")]
    [InlineData("0 :invoke :read nil\n0 :ok :write 1", "Line 2")]
    [InlineData("0 :invoke :jump nil", ":jump nil")]
    [InlineData("0 :invoke :cas [1", "Line 1")]
    [InlineData("0 :invoke :write [\"x", "inside a string")]
    [InlineData("0 :invoke :write ]", "unexpected ']'")]
    [InlineData("0 :invoke :read nil\n0 :ok :read x", "'x'")]
    public void A_line_that_is_no_event_is_an_error_that_names_it(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static History<RegisterCall, RegisterReturn> Read(string text) => HistoryText.Read(new StringReader(text), new RegisterFormat());

    private static string Write(History<RegisterCall, RegisterReturn> history)
    {
        var text = new StringWriter { NewLine = "\n" };
        HistoryText.Write(history, new RegisterFormat(), text);
        return text.ToString();
    }
}

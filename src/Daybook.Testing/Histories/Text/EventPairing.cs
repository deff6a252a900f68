namespace Daybook.Testing.Histories.Text;

/// <summary>Pairs the completions of a text with their invocations.</summary>
internal sealed class EventPairing<TCall, TReturn>(IHistoryFormat<TCall, TReturn> format)
{
    private readonly List<Operation<TCall, TReturn>> _operations = [];
    private readonly Dictionary<ProcessId, int> _open = [];
    private long _ticks;

    public void Add(ProcessId process, string kind, string function, string value)
    {
        var now = new LogicalTime(_ticks++);
        if (kind == "invoke")
        {
            _open[process] = _operations.Count;
            var call = format.ReadCall(function, value);
            _operations.Add(new(_operations.Count, process, call, Completion.Info, default, now, LogicalTime.Never));
            return;
        }
        if (!_open.Remove(process, out var index)) throw new FormatException($"process {process} completes what it did not invoke.");
        var open = _operations[index];
        if (format.FunctionOf(open.Call) != function)
            throw new FormatException($"process {process} completes :{function}, but invoked {open.Call}.");
        _operations[index] = kind switch
        {
            "ok" => open with { Completion = Completion.Ok, Return = format.ReadReturn(open.Call, value), Completed = now },
            "fail" => open with { Completion = Completion.Fail, Completed = now },
            _ => open,
        };
    }

    public History<TCall, TReturn> ToHistory() => new(_operations);
}

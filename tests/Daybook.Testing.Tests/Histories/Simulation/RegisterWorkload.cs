using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;

namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>
/// Clients that use two registers at random. A right register does each call at one instant between invocation and completion.
/// </summary>
internal sealed class RegisterWorkload(int seed, RegisterFault fault, int clients = 4, int callsEach = 40)
{
    private readonly Random _random = new(seed);
    private readonly RegisterModel _model = new();
    private readonly HistoryRecorder<RegisterCall, RegisterReturn> _recorder = new();
    private readonly Dictionary<string, List<long?>> _values = new() { ["x"] = [null], ["y"] = [null] };

    public History<RegisterCall, RegisterReturn> Run()
    {
        Interleaving.Run(_random, Enumerable.Range(0, clients).Select(_ => Client()));
        return _recorder.ToHistory();
    }

    private IEnumerable<Pause> Client()
    {
        var process = _recorder.NewProcess();
        for (var i = 0; i < callsEach; i++)
        {
            var call = RandomCall();
            var pending = _recorder.Invoke(process, call);
            var fate = (Completion)(_random.Next(12) is var n and < 2 ? 2 * n : 1);
            yield return default;
            foreach (var pause in fate == Completion.Fail ? Fail(call) : Execute(call, fate, pending)) yield return pause;
            yield return default;
            if (fate == Completion.Fail) pending.Fail();
            if (fate == Completion.Info) process = _recorder.NewProcess();
        }
    }

    private IEnumerable<Pause> Fail(RegisterCall call)
    {
        if (fault == RegisterFault.AppliedFailure) Apply(call);
        yield return default;
    }

    private IEnumerable<Pause> Execute(RegisterCall call, Completion fate, PendingOperation<RegisterCall, RegisterReturn> pending)
    {
        var isWrite = call.Function == RegisterFunction.Write;
        if (fate == Completion.Info) foreach (var pause in Delay()) yield return pause;
        if (fault == RegisterFault.EarlyReply && isWrite)
        {
            pending.Complete(new(fate, RegisterReturn.Written));
            foreach (var pause in Delay()) yield return pause;
            Apply(call);
            yield break;
        }
        if (fault == RegisterFault.TornCompareAndSet && call.Function == RegisterFunction.CompareAndSet && _values[call.Key][^1] == call.Expected)
        {
            foreach (var pause in Delay()) yield return pause;
            call = RegisterCall.CompareAndSet(call.Key, _values[call.Key][^1], call.Value);
        }
        var answer = Apply(call);
        yield return default;
        pending.Complete(new(fate, answer));
        if (fault != RegisterFault.DoubleApply || !isWrite) yield break;
        foreach (var pause in Delay()) yield return pause;
        Apply(call);
    }

    private RegisterReturn Apply(RegisterCall call)
    {
        var values = _values[call.Key];
        var isStale = fault == RegisterFault.StaleRead && call.Function == RegisterFunction.Read && _random.Next(4) == 0;
        var (next, answer) = _model.Apply(isStale ? values[Math.Max(0, values.Count - 3)] : values[^1], call);
        var isLost = fault == RegisterFault.LostWrite && call.Function == RegisterFunction.Write && _random.Next(8) == 0;
        if (call.Function != RegisterFunction.Read && !isLost) values.Add(next);
        return answer;
    }

    private IEnumerable<Pause> Delay() => Enumerable.Repeat(default(Pause), _random.Next(1, 15));

    private RegisterCall RandomCall()
    {
        var key = _random.Next(2) == 0 ? "x" : "y";
        return _random.Next(5) switch
        {
            0 => RegisterCall.Write(key, _random.Next(3)),
            1 or 2 => RegisterCall.CompareAndSet(key, _random.Next(3), _random.Next(3)),
            _ => RegisterCall.Read(key),
        };
    }
}

namespace Daybook.Testing.Histories;

/// <summary>
/// Writes down what concurrent clients ask and see. Safe to use from any thread: a lock puts all events in one order, an invocation
/// before the call is sent and a completion after its answer arrived, so the order recorded never contradicts real time.
/// </summary>
/// <typeparam name="TCall">What is asked.</typeparam>
/// <typeparam name="TReturn">What is answered.</typeparam>
public sealed class HistoryRecorder<TCall, TReturn>
{
    private readonly Lock _gate = new();
    private readonly List<Operation<TCall, TReturn>> _operations = [];
    private readonly HashSet<ProcessId> _busy = [];
    private int _processes;
    private long _ticks;

    /// <summary>A process that no other caller has got.</summary>
    public ProcessId NewProcess()
    {
        lock (_gate) return new ProcessId(_processes++);
    }

    /// <summary>A client that records each call it makes and takes a new process after each unknown outcome.</summary>
    public HistoryClient<TCall, TReturn> NewClient() => new(this);

    /// <summary>Notes an invocation; call it before the request is sent.</summary>
    /// <exception cref="InvalidOperationException">The process has an operation open, or one that ended with an unknown
    /// outcome.</exception>
    public PendingOperation<TCall, TReturn> Invoke(ProcessId process, TCall call)
    {
        lock (_gate)
        {
            if (!_busy.Add(process)) throw new InvalidOperationException($"Process {process} has an operation whose outcome is not known.");
            _processes = Math.Max(_processes, process.Value + 1);
            var index = _operations.Count;
            _operations.Add(new(index, process, call, Completion.Info, default, Tick(), LogicalTime.Never));
            return new PendingOperation<TCall, TReturn>(this, index);
        }
    }

    /// <summary>The history so far. Operations not yet completed have an unknown outcome.</summary>
    public History<TCall, TReturn> ToHistory()
    {
        lock (_gate) return new History<TCall, TReturn>(_operations);
    }

    internal void Complete(int index, Observed<TReturn> seen)
    {
        lock (_gate)
        {
            var open = _operations[index];
            if (open.Completed != LogicalTime.Never) throw new InvalidOperationException($"Operation {open} is completed already.");
            if (seen.Completion == Completion.Info) return;
            _operations[index] = open with { Completion = seen.Completion, Return = seen.Return, Completed = Tick() };
            _busy.Remove(open.Process);
        }
    }

    private LogicalTime Tick() => new(_ticks++);
}

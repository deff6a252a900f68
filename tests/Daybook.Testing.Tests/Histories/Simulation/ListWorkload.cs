using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Serializability;

namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>
/// Clients that read and append at random on a <see cref="SimulatedListStore"/>, and one that reads everything in the end.
/// </summary>
internal sealed class ListWorkload(int seed, ListFault fault, int clients = 5, int transactionsEach = 20, int keys = 3)
{
    private readonly Random _random = new(seed);
    private readonly HistoryRecorder<ListTransaction, ListTransaction> _recorder = new();
    private long _nextValue;

    public History<ListTransaction, ListTransaction> Run()
    {
        var store = new SimulatedListStore(fault, _random);
        Interleaving.Run(_random, Enumerable.Range(0, clients).Select(_ => Client(store)));
        var everything = new ListTransaction(Enumerable.Range(0, keys).Select(k => ListOperation.Read($"k{k}")));
        Interleaving.Run(_random, [Execute(store, everything, _recorder.NewProcess(), isReplyLost: false)]);
        return _recorder.ToHistory();
    }

    private IEnumerable<Pause> Client(SimulatedListStore store)
    {
        var process = _recorder.NewProcess();
        for (var i = 0; i < transactionsEach; i++)
        {
            var isReplyLost = _random.Next(20) == 0;
            foreach (var pause in Execute(store, RandomTransaction(), process, isReplyLost)) yield return pause;
            if (isReplyLost) process = _recorder.NewProcess();
        }
    }

    private IEnumerable<Pause> Execute(SimulatedListStore store, ListTransaction call, ProcessId process, bool isReplyLost)
    {
        var pending = _recorder.Invoke(process, call);
        yield return default;
        var transaction = store.Begin(isReadOnly: call.Operations.All(o => o.IsRead));
        var answer = new List<ListOperation>();
        foreach (var operation in call.Operations)
        {
            answer.Add(transaction.Do(operation));
            yield return default;
        }
        var seen = new Observed<ListTransaction>(isReplyLost ? Completion.Info : Completion.Ok, new ListTransaction(answer));
        if ((!transaction.IsReadOnly && _random.Next(20) == 0) || !transaction.CanCommit())
        {
            transaction.Abort();
            pending.Complete(isReplyLost ? seen : Observed.Fail<ListTransaction>());
            yield break;
        }
        var isReplyEarly = fault == ListFault.EarlyReply && call.Operations.All(o => !o.IsRead);
        if (isReplyEarly)
        {
            pending.Complete(seen);
            for (var delay = _random.Next(20); delay > 0; delay--) yield return default;
        }
        foreach (var pause in transaction.Commit()) yield return pause;
        yield return default;
        if (!isReplyEarly) pending.Complete(seen);
    }

    private ListTransaction RandomTransaction()
    {
        var readOnly = _random.Next(3) == 0;
        var operations = new ListOperation[_random.Next(1, 5)];
        for (var i = 0; i < operations.Length; i++)
        {
            var key = $"k{_random.Next(keys)}";
            operations[i] = readOnly || _random.Next(2) == 0 ? ListOperation.Read(key) : ListOperation.Append(key, ++_nextValue);
        }
        return new ListTransaction(operations);
    }
}

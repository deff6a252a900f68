using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;
using Daybook.Testing.Histories.Serializability;

namespace Daybook.Core.Tests.Simulation;

/// <summary>What the clients of a simulation do, and the histories of it.</summary>
internal sealed class Workload(Simulation simulation)
{
    private const int Lists = 5;
    private const int Tills = 4;
    private readonly HistoryRecorder<ListTransaction, ListTransaction> _lists = new();
    private readonly HistoryRecorder<AccountCall, AccountReturn> _tills = new();
    private readonly List<TillIntent> _looks = [];
    private long _lastValue;

    public History<ListTransaction, ListTransaction> ListHistory => _lists.ToHistory();

    public History<AccountCall, AccountReturn> TillHistory => _tills.ToHistory();

    /// <summary>The results of the transactions that read all tills.</summary>
    public IEnumerable<int> Totals => _looks.Select(look => look.Total).OfType<int>();

    private Random Random => simulation.Random;

    public Intent Next() => Random.NextDouble() < simulation.Settings.Tills ? NextTill() : NextList();

    /// <summary>Reads all lists in one transaction.</summary>
    public ListIntent LookAtLists() => List(new Touch(Keys("k", Lists), new long?[Lists], false), false);

    /// <summary>Reads all tills in one transaction.</summary>
    public TillIntent LookAtTills()
    {
        var look = Till(Keys("t", Tills), new int[Tills]);
        _looks.Add(look);
        return look;
    }

    private ListIntent NextList()
    {
        if (Random.NextDouble() < simulation.Settings.PlainReads)
            return List(new Touch(Some(Keys("k", Lists), 1), new long?[1], false), isPlainRead: true);
        var keys = Some(Keys("k", Lists), Random.Next(1, 5));
        var isRead = Random.Next(3) == 0;
        var appends = Array.ConvertAll(keys, _ => isRead || Random.Next(3) == 0 ? (long?)null : ++_lastValue);
        return List(new Touch(keys, appends, isRead && Random.Next(4) == 0), isPlainRead: false);
    }

    private TillIntent NextTill() => Random.Next(4) switch
    {
        0 => LookAtTills(),
        1 => Till(Some(Keys("t", Tills), 1), [0]),
        _ => Move(Random.Next(1, 10)),
    };

    private TillIntent Move(int amount)
    {
        var keys = Some(Keys("t", Tills), 2);
        return Till(keys, [-amount, amount]);
    }

    /// <summary>Money comes in once, at the start.</summary>
    public TillIntent Fill(int till, int amount) => Till([$"t{till}"], [amount]);

    private ListIntent List(Touch command, bool isPlainRead)
    {
        var pending = _lists.Invoke(_lists.NewProcess(), ListIntent.CallOf(command));
        return new ListIntent(command, isPlainRead, pending) { Id = NewId(), Coordinator = CoordinatorOf("list", command.Keys[0]) };
    }

    private TillIntent Till(string[] keys, int[] by)
    {
        var pending = keys.Select((key, i) => _tills.Invoke(_tills.NewProcess(), new AccountCall(key, by[i]))).ToArray();
        return new TillIntent(new Shift(keys, by), pending) { Id = NewId(), Coordinator = CoordinatorOf("till", keys[0]) };
    }

    private PartitionId CoordinatorOf(string category, string key) => simulation.Map.Of(StreamId.For(category, key));

    private CommandId NewId()
    {
        var bytes = new byte[16];
        Random.NextBytes(bytes);
        return new CommandId(new Guid(bytes));
    }

    private string[] Some(string[] keys, int count)
    {
        Random.Shuffle(keys);
        return keys[..count];
    }

    private static string[] Keys(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
}

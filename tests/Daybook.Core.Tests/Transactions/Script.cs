using Daybook.Core.Partitions.Work;
using Daybook.Core.Tests.Simulation;

namespace Daybook.Core.Tests.Transactions;

/// <summary>
/// A simulated book of three partitions in which nothing happens by itself: a test delivers each message, takes each turn and makes each
/// entry durable, so that it can stop between any two steps.
/// </summary>
internal sealed class Script
{
    private long _lastValue;

    public Script(bool ordered = false)
    {
        Book = new Simulation.Simulation(1, new SimulationSettings(ordered, Reliable: true) { HasFaults = false }) { IsScripted = true };
        for (var i = 0; i < Book.Map.Count; i++)
            TakeOver(i);
        Book.Rest();
    }

    public Simulation.Simulation Book { get; }

    public SimulatedOwner Owner(int partition) => Book.Owners.Single(owner => owner.Id.Value == partition);

    /// <summary>The name of a list that lives in a partition.</summary>
    public string List(int partition, int number = 0) =>
        Enumerable.Range(0, 1000).Select(i => $"list{i}").Where(key => Book.Map.Of(StreamId.For("list", key)).Value == partition).ElementAt(number);

    /// <summary>What a list holds, as far as its owner has decided.</summary>
    public long[] ValuesOf(string list)
    {
        var read = new ReadWork(StreamId.For("list", list), Book.Model.Aggregate(typeof(Listing)));
        Owner(Book.Map.Of(read.Stream).Value).Post(read);
        Book.Rest();
        return (read.Model!.Form.Open(read.Task.GetAwaiter().GetResult().State) as Listing)?.Values ?? [];
    }

    /// <summary>Sends a command that appends a fresh value to each list; a list named with a minus is only looked at.</summary>
    public WriteWork Send(params string[] lists) => SendAs(new CommandId(Guid.NewGuid()), lists);

    public WriteWork SendAs(CommandId id, params string[] lists)
    {
        var work = Command(id, lists);
        Book.Request(Book.Map.Of(work.First.Stream), new CommandAttempt(work));
        Run();
        return work;
    }

    /// <summary>Sends to an owner that may be one no longer.</summary>
    public WriteWork SendTo(SimulatedOwner owner, params string[] lists)
    {
        var work = Command(new CommandId(Guid.NewGuid()), lists);
        owner.Post(work);
        Run(owner);
        return work;
    }

    private CommandWork<Touch> Command(CommandId id, string[] lists)
    {
        var names = Array.ConvertAll(lists, list => list.TrimStart('-'));
        var command = new Touch(names, Array.ConvertAll(lists, list => list[0] == '-' ? (long?)null : ++_lastValue), Refuse: false);
        return new CommandWork<Touch>(Book.Model.Command<Touch>(), command, id, CommandOptions.None, null);
    }

    /// <summary>Every owner takes its mail.</summary>
    public void Run()
    {
        foreach (var owner in Book.Owners.ToArray())
            Run(owner);
    }

    public static void Run(SimulatedOwner owner)
    {
        while (owner.HasMail || owner.HasLoads)
        {
            if (owner.HasLoads)
                owner.FinishLoad();
            owner.Turn(int.MaxValue);
        }
    }

    /// <summary>Messages of a kind that have been sent and not delivered.</summary>
    public T[] Sent<T>()
        where T : WorkItem => [.. Book.Network.OnTheWay.OfType<T>()];

    /// <summary>Delivers all messages of a kind, and lets their receivers take a turn.</summary>
    public void Deliver<T>()
        where T : WorkItem
    {
        Assert.NotEmpty(Sent<T>());
        foreach (var message in Sent<T>())
            Book.Network.Deliver(message);
        Run();
    }

    public void Lose<T>()
        where T : WorkItem
    {
        Assert.NotEmpty(Sent<T>());
        foreach (var message in Sent<T>())
            Book.Network.Lose(message);
    }

    /// <summary>Makes durable what a partition has written, and it hears so.</summary>
    public void Flush(int partition)
    {
        Book.Store.Flush(Owner(partition).Journal.Ledger);
        Run();
    }

    /// <summary>A partition gets a new owner, which has taken its first turn.</summary>
    public SimulatedOwner TakeOver(int partition)
    {
        var owner = Book.TakeOver(new PartitionId(partition));
        Run();
        return owner;
    }

    /// <summary>The process of a partition's owner dies, and what it had not flushed is lost or found.</summary>
    public SimulatedOwner Restart(int partition, bool keepsWhatIsInFlight)
    {
        var old = Owner(partition);
        old.Vanish();
        Book.Store.Fail(old.Journal.Ledger, keepsWhatIsInFlight);
        return TakeOver(partition);
    }

    public static bool IsAnswered(WriteWork work) => work.Task.IsCompleted;

    public static Outcome OutcomeOf(WriteWork work)
    {
        Assert.True(work.Task.IsCompleted, "The command has no answer yet.");
        return work.Task.GetAwaiter().GetResult();
    }

    /// <summary>Whether the client got a success; an error means the opposite.</summary>
    public static bool IsAccepted(WriteWork work)
    {
        Assert.True(work.Task.IsCompleted, "The command has no answer yet.");
        return work.Task.IsCompletedSuccessfully && OutcomeOf(work) is Outcome.Accepted;
    }

    public static ErrorCode ErrorOf(WriteWork work)
    {
        Assert.True(work.Task.IsCompleted, "The command has no answer yet.");
        return Assert.Throws<DaybookException>(() => work.Task.GetAwaiter().GetResult()).Code;
    }
}

using Daybook.Core.Journals;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Memory;

namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// A whole book in one thread: partitions, their journals, the messages between them, clients, and everything that can go wrong, put into
/// one order by one seeded generator. The same seed gives the same run.
/// </summary>
internal sealed class Simulation
{
    /// <summary>What is in all tills together.</summary>
    public const int Money = 40;

    /// <summary>How many commands a partition remembers: all of them.</summary>
    public const int Window = 10_000;

    private static readonly BookModel s_model = MakeModel();
    private readonly SimulatedOwner?[] _owners;
    private readonly List<SimulatedOwner> _zombies = [];
    private readonly List<SimulatedClient> _clients = [];
    private readonly Sabotage _sabotage;
    // How fast messages, disks and clients are in this run, against partitions.
    private readonly int _deliveries;
    private readonly int _flushes;
    private readonly int _requests;
    private readonly int _faultEvery;
    private bool _isCalm;

    public Simulation(int seed, SimulationSettings settings)
    {
        (Settings, Random) = (settings, new Random(seed));
        (_deliveries, _flushes, _requests) = (Random.Next(1, 9), Random.Next(1, 5), Random.Next(2, 7));
        _faultEvery = Random.Next(40, 400);
        Map = new PartitionMap(settings.Partitions);
        Store = new SimulatedStore(Random, settings.Ordered)
        {
            SkipsFlush = settings.Bug == SeededBug.SkippedFlush,
            DropsFence = settings.Bug == SeededBug.DroppedFence,
        };
        Network = new Network(Random, Deliver) { IsReliable = settings.Reliable };
        Limits = new PartitionLimits { SnapshotEvery = 3, CachedStates = 2, EntriesInFlight = Random.Next(1, 4) };
        _owners = new SimulatedOwner?[settings.Partitions];
        _sabotage = new Sabotage(this);
        Workload = new Workload(this);
    }

    public SimulationSettings Settings { get; }

    public Random Random { get; }

    public BookModel Model { get; } = s_model;

    public PartitionMap Map { get; }

    public PartitionLimits Limits { get; }

    public SimulatedStore Store { get; }

    public MemoryCoordinator Coordinator { get; } = new();

    public Network Network { get; }

    public Workload Workload { get; }

    public Witness Witness { get; } = new();

    public SimulationCount Count { get; } = new();

    public long Now => Count.Steps;

    /// <summary>True when a test decides each step, so that nothing is random.</summary>
    public bool IsScripted { get; init; }

    public IEnumerable<SimulatedOwner> Owners => _owners.OfType<SimulatedOwner>();

    /// <summary>What was seen to be wrong; empty when all is well.</summary>
    public List<string> Violations { get; } = [];

    public void Broken(string what) => Violations.Add($"step {Count.Steps}: {what}");

    /// <summary>Runs until all clients are done, then lets everything come to rest.</summary>
    public void Run()
    {
        try
        {
            for (var till = 0; till < 4; till++)
                RunToEnd(Workload.Fill(till, Money / 4));
            AddClients();
            while (_clients.Exists(client => !client.IsDone) && Count.Steps < 20_000 && Violations.Count == 0)
                Step();
            Rest();
            if (!Settings.Reliable)
                HealAll();
            if (Violations.Count == 0)
                new FinalCheck(this).Run();
        }
        catch (Exception e) when (Settings.Bug != SeededBug.None)
        {
            Broken(e.Message);
        }
    }

    /// <summary>Does what is left to do, without faults, until nothing moves.</summary>
    public void Rest()
    {
        _isCalm = true;
        _zombies.RemoveAll(zombie => { zombie.Vanish(); return true; });
        var isReliable = Network.IsReliable;
        Network.IsReliable = true;
        var limit = Count.Steps + 50_000;
        while (IsBusy && Violations.Count == 0)
        {
            Step();
            if (Count.Steps > limit)
                Broken("nothing comes to rest");
        }
        Network.IsReliable = isReliable;
        _isCalm = false;
    }

    /// <summary>Runs one command to its end.</summary>
    public void RunToEnd(Intent intent)
    {
        var client = new SimulatedClient(this, () => intent) { Left = 1, Persists = true };
        _clients.Add(client);
        Rest();
        if (!client.IsDone && Violations.Count == 0)
            Broken($"command {intent.Id} is never answered");
    }

    public void Request(PartitionId partition, ClientAttempt attempt)
    {
        if (_owners[partition.Value] is { } owner)
            owner.Post(attempt.Work, attempt.Lose);
        else
            attempt.Work.Refuse(new DaybookException(ErrorCode.NotOwner, $"Partition {partition} has no owner."));
    }

    public IReadOnlyList<object?> Seen(Intent intent)
    {
        Count.Answered++;
        return Witness.Shown(intent.Id, JournalOf(intent.Coordinator) is { } journal ? RecordSearch.EpochOf(journal, intent.Id) : null);
    }

    public JournalLook? JournalOf(PartitionId partition) => JournalLook.At(Store, Coordinator, partition);

    public WorkItem Sabotaged(SimulatedOwner owner, WorkItem work) => _sabotage.Of(owner, work);

    public void Sealed(SimulatedOwner owner, Batch batch) => _sabotage.Sealed(owner, batch);

    public void Ended(SimulatedOwner owner)
    {
        if (_owners[owner.Id.Value] == owner)
            _owners[owner.Id.Value] = null;
    }

    /// <summary>Takes a partition's journal over and folds it.</summary>
    public PartitionState Recover(PartitionId id) => Recover(id, out _);

    private void AddClients()
    {
        for (var i = 0; i < Settings.Clients; i++)
            _clients.Add(new SimulatedClient(this, Workload.Next) { Left = Settings.Intents });
    }

    private bool IsBusy =>
        Network.IsBusy || Store.HasPending || _clients.Exists(c => !c.IsDone && !(c.IsWaiting && _isCalm))
        || _owners.Any(owner => owner is null || !owner.IsIdle);

    private void Step()
    {
        Count.Steps++;
        if (!_isCalm && Settings.HasFaults && Random.Next(_faultEvery) == 0)
        {
            Fault();
            return;
        }
        var chance = Random.Next(_deliveries + _flushes + _requests + 8);
        if (chance < _deliveries && Network.IsBusy)
            Network.DeliverOne();
        else if (chance >= _deliveries && chance < _deliveries + _flushes && Store.HasPending)
            Store.FlushSome();
        else if (chance >= _deliveries + _flushes && chance < _deliveries + _flushes + _requests && _clients.Count > 0)
            _clients[Random.Next(_clients.Count)].Step();
        else
            StepPartition(Random.Next(_owners.Length));
    }

    private void StepPartition(int partition)
    {
        if (_zombies.Count > 0 && Random.Next(4) == 0)
            Step(_zombies[Random.Next(_zombies.Count)]);
        else if (_owners[partition] is { } owner)
            Step(owner);
        else if (_isCalm || Random.Next(8) == 0)
            TakeOver(new PartitionId(partition));
    }

    private void Step(SimulatedOwner owner)
    {
        if (owner.HasLoads && Random.Next(2) == 0)
            owner.FinishLoad();
        else if (!_isCalm && Random.Next(12) == 0)
            owner.TakeRecoveryPoint(Random.Next(1, 4));
        else if (!_isCalm && Random.Next(60) == 0)
            owner.Roll();
        else
            owner.Turn(Random.Next(1, 6));
        if (owner.Failure is not null || owner.HasVanished)
            _zombies.Remove(owner);
    }

    private void Fault()
    {
        var owner = _owners[Random.Next(_owners.Length)];
        switch (Random.Next(6))
        {
            case 0:
                CrashAll();
                break;
            case 1 when Store.HasPending && !Settings.Ordered:
                Store.FailOne();
                break;
            case 2 when owner is not null && !Settings.Reliable:
                // It is paused or cut off: another owner takes over without its knowledge.
                Ended(owner);
                _zombies.Add(owner);
                break;
            case 3 when owner is not null && !Settings.Reliable:
                owner.Vanish();
                break;
            default:
                owner?.Stop(new DaybookException(ErrorCode.NotOwner, "The owner was stopped."));
                break;
        }
    }

    /// <summary>All processes and the machine of the store stop simultaneously.</summary>
    public void CrashAll()
    {
        Count.Crashes++;
        foreach (var owner in Owners.Concat(_zombies).ToArray())
            owner.Vanish();
        _zombies.Clear();
        Network.Clear();
        Store.Crash();
    }

    /// <summary>Gives every partition a new owner, one after the other: what was lost on the way is asked for again.</summary>
    private void HealAll()
    {
        for (var i = 0; i < _owners.Length && Violations.Count == 0; i++)
        {
            _owners[i]?.Stop(new DaybookException(ErrorCode.NotOwner, "The owner was stopped."));
            Rest();
        }
    }

    /// <summary>Gives a partition a new owner. One that had it before does not hear of it.</summary>
    public SimulatedOwner TakeOver(PartitionId id)
    {
        var state = Recover(id, out var journal);
        _sabotage.Recovered(state);
        var owner = _owners[id.Value] = new SimulatedOwner(this, id, journal, state);
        if (!IsScripted && Random.Next(2) == 0)
            owner.Turn(1);
        foreach (var peer in Enumerable.Range(0, _owners.Length).Where(peer => peer != id.Value))
            Network.Send(id, new PartitionId(peer), new PeerUp(id, journal.Epoch));
        return owner;
    }

    private PartitionState Recover(PartitionId id, out Journal journal)
    {
        // Always the same lease, as a host that never loses it has: the journal's epoch rises all the same.
        journal = Done.Of(new JournalTakeover(Store, Coordinator, new JournalIdentity(default, _owners.Length, id)).RunAsync(new Epoch(1), CancellationToken.None));
        Count.Takeovers++;
        Count.FromRecoveryPoint += journal.Manifest.RecoveryPoint is null ? 0 : 1;
        var window = Settings.Bug == SeededBug.AppliedTwice ? 1 : Window;
        return Done.Of(new PartitionRecovery(window, e => Broken(e.Message)).RunAsync(journal, CancellationToken.None));
    }

    private void Deliver(PartitionId to, WorkItem work)
    {
        if (_owners[to.Value] is { } owner)
            owner.Post(work);
        else
            work.Refuse(new DaybookException(ErrorCode.NotOwner, $"Partition {to} has no owner."));
    }

    private static BookModel MakeModel()
    {
        var builder = new BookModelBuilder();
        foreach (var method in typeof(SimulationHandlers).GetMethods().Where(method => method.Name == "Handle"))
            builder.AddHandler(method);
        return builder.Build();
    }
}

using System.Runtime.InteropServices;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Tests.Recovering;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Writing;
using Daybook.Testing.Time;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Model;

/// <summary>
/// Writers, recoveries and readers as they are, over bookies that lose, delay, reorder, damage and refuse, and over metadata whose calls are late, fail, or
/// are executed although no answer arrives. Everything is drawn from a seed, and the same seed is the same run. In the end everything
/// heals.
/// </summary>
internal sealed class CombinedWorld
{
    private const int MaxLedgers = 2;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(700);
    private static readonly QuorumSizes[] s_sizes = [new(3, 3, 2), new(3, 3, 2), new(3, 2, 2), new(5, 3, 2), new(4, 3, 3), new(2, 2, 1), new(1, 1, 1), new(5, 5, 3)];

    private readonly List<HeldCall> _calls = [];
    private readonly List<ModelLedger> _ledgers = [];
    private readonly HashSet<(string Kind, BookieId Bookie)> _slow = [];
    private readonly string[] _cluster;
    private readonly Flaw _flaw;
    private readonly BookKeeperOptions _options;
    private readonly bool _isCalm;
    private readonly bool _tellsLate;
    private readonly int _mostAppends;
    private bool _isHealed;

    public CombinedWorld(int seed, Flaw flaw)
    {
        (Random, _flaw) = (new Random(seed), flaw);
        (_isCalm, _tellsLate) = (Random.Next(3) == 0, Random.Next(2) == 0);
        Sizes = s_sizes[Random.Next(s_sizes.Length)];
        _cluster = [.. Enumerable.Range(0, Sizes.Ensemble + Random.Next(4)).Select(i => $"b{i}")];
        Selection = new ListedBookies(_cluster);
        _options = new BookKeeperOptions(new ZooKeeperOptions("127.0.0.1:1")) { Time = Time, Random = new Random(seed), Protocol = BookieProtocol.V3 };
        var oneOf = _isCalm ? 2 : 5;
        _mostAppends = _isCalm ? Random.Next(1, 6) : 60;
        foreach (var kind in new[] { "add", "fen", "fence -1" })
            _slow.UnionWith(_cluster.Where(_ => Random.Next(oneOf) == 0).Select(name => (kind, new BookieId(name))));
    }

    public Random Random { get; }

    public QuorumSizes Sizes { get; }

    public MemoryBookies Bookies { get; } = new();

    public MemoryMetadata Metadata { get; } = new();

    public ListedBookies Selection { get; }

    public ManualTime Time { get; } = new();

    public List<string> Violations { get; } = [];

    public IReadOnlyList<ModelLedger> Ledgers => _ledgers;

    public LedgerCredentials Credentials { get; } = new(DigestType.Crc32C, "secret"u8.ToArray());

    public async Task RunAsync()
    {
        var steps = Random.Next(100, 500);
        await BeginLedgerAsync();
        for (var step = 0; step < steps && Violations.Count == 0; step++)
        {
            await StepAsync();
            _ledgers.ForEach(ledger => ledger.Check());
        }
        if (Violations.Count == 0)
            await EndAsync();
    }

    public ClientServices ServicesOf(Piece piece, string actor)
    {
        var network = new TamperedBookies(Bookies) { OnReadAnswer = (_, answer) => IsDamaged(answer) ? Flawed.Damaged(answer) : answer };
        var bookies = Flawed.Bookies(network, _flaw, piece, Credentials.Digest);
        return new ClientServices(_options, bookies, new HeldMetadata(Flawed.Metadata(Metadata, _flaw, piece), actor, _calls), Selection);
    }

    /// <summary>Lets through what some messages are about, and the calls of an actor, until nothing of it is left.</summary>
    public void Pump(string actor, string what)
    {
        do
        {
            Bookies.DeliverWhere(message => message.What == what);
            while (_calls.Find(call => call.Actor == actor) is { } call)
                StepCall(call);
        }
        while (Bookies.InFlight.Exists(message => message.What == what));
    }

    private async Task StepAsync()
    {
        var ledger = _ledgers[Random.Next(_ledgers.Count)];
        switch (Random.Next(1000))
        {
            case < 80 when ledger.Appended < _mostAppends: ledger.Append(); break;
            case < 100: ledger.Recoverers.Begin(Random.Next(Recoverers.Count)); break;
            case < 106: ledger.Recoverers.Kill(Random.Next(Recoverers.Count)); break;
            case < 110: ledger.Close(); break;
            case < 118: ledger.Rereplicate(); break;
            case < 122 when _ledgers.Count < MaxLedgers: await BeginLedgerAsync(); break;
            case < 135 when !_isCalm: ChangeABookie(); break;
            case < 150: Time.Advance(TimeSpan.FromMilliseconds(Random.Next(1, 1500))); break;
            case < 152: Metadata.EndWatches(ledger.Id); break;
            case < 200: await ledger.Tail.FollowAsync(); break;
            case < 230 when !_isCalm: LoseAMessage(); break;
            case < 240: FailACall(); break;
            case < 450 when _calls.Count > 0: StepACall(); break;
            default: DeliverSome(); break;
        }
    }

    private async Task BeginLedgerAsync()
    {
        Random.Shuffle(CollectionsMarshal.AsSpan(Selection.Candidates));
        var (actor, options) = ($"writer {_ledgers.Count}", new CreateLedgerOptions
        {
            Ensemble = Sizes.Ensemble, WriteQuorum = Sizes.Write, AckQuorum = Sizes.Ack, Digest = Credentials.Type, Password = Credentials.Password,
        });
        var creating = NewLedger.CreateAsync(ServicesOf(Piece.Writer, actor), options).AsTask();
        while (_calls.Find(call => call.Actor == actor && call.What == "create") is { } call)
            StepCall(call);
        _ledgers.Add(new ModelLedger(this, await creating));
    }

    private void ChangeABookie()
    {
        var bookie = new BookieId(_cluster[Random.Next(_cluster.Length)]);
        if (Random.Next(3) == 0)
            Bookies[bookie].IsReadOnly = !Bookies[bookie].IsReadOnly;
        else if (!Bookies.Down.Remove(bookie))
            Bookies.Down.Add(bookie);
        Selection.Avoided.Clear();
    }

    private void LoseAMessage()
    {
        var flying = Bookies.InFlight;
        if (flying.Count > 0)
            Bookies.Lose(flying[Random.Next(flying.Count)], Random.Next(2) == 0 ? BookieStatus.TimedOut : BookieStatus.Unreachable);
    }

    private void FailACall()
    {
        if (_calls.Count == 0 || _calls[Random.Next(_calls.Count)] is not { What: not "event" } call)
            return;
        _calls.Remove(call);
        call.Fail();
    }

    private void StepACall()
    {
        var call = _calls[Random.Next(_calls.Count)];
        if (!_tellsLate || call.What != "event" || Random.Next(50) == 0)
            StepCall(call);
    }

    private void StepCall(HeldCall call)
    {
        // An answer may immediately lead to further calls.
        if (call.IsCarriedOut)
            _calls.Remove(call);
        call.Step();
    }

    /// <summary>Messages on slow paths are rarely let through: that is how a fence and an old add pass each other.</summary>
    private void DeliverSome()
    {
        for (var i = 0; i < 3 && Bookies.InFlight.Count > 0; i++)
        {
            var message = Bookies.InFlight[Random.Next(Bookies.InFlight.Count)];
            var kind = message.What == "fence -1" ? message.What : message.What[..3];
            if (message.IsAnswer || !_slow.Contains((kind, message.Bookie)) || Random.Next(20) == 0)
                Bookies.Deliver(message);
        }
    }

    private bool IsDamaged(in ReadResponse answer) => !_isHealed && !answer.Body.IsEmpty && Random.Next(20) == 0;

    private async Task EndAsync()
    {
        _isHealed = true;
        Bookies.Down.Clear();
        foreach (var name in _cluster)
            Bookies[name].IsReadOnly = false;
        Settle();
        foreach (var ledger in _ledgers.Where(_ => Random.Next(2) == 0))
            ledger.Close();
        Settle();
        // One that has been at it since before may still fail of that.
        for (var i = 0; i < 2; i++)
        {
            _ledgers.ForEach(ledger => ledger.Recoverers.Begin(0));
            Settle();
        }
        foreach (var ledger in _ledgers)
            await ledger.CheckEndAsync();
    }

    /// <summary>Everything arrives, and time passes.</summary>
    public void Settle(int rounds = 12)
    {
        for (var i = 0; i < rounds; i++)
        {
            do
            {
                Bookies.DeliverAll();
                while (_calls.Count > 0)
                    StepCall(_calls[0]);
            }
            while (Bookies.InFlight.Exists(message => message.Poll is null));
            _ledgers.ForEach(ledger => ledger.Check());
            Selection.Avoided.Clear();
            Time.Advance(s_moment);
        }
    }
}

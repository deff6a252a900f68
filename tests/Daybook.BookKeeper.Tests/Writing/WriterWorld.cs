using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>Bugs that a writer might have, made by what lies between it and its world.</summary>
public enum WriterFlaw
{
    None,

    /// <summary>A late answer of a replaced bookie is taken for one of its successor (L12).</summary>
    LateAnswersCount,

    /// <summary>What a new bookie lacks is not sent to it, and counts as acknowledged all the same.</summary>
    ResendsAreSkipped,

    /// <summary>A change of the ensemble is gone by before it is written.</summary>
    ChangesAreAdoptedBeforeTheyAreWritten,

    /// <summary>A fenced answer is taken for a good one (L4, L14).</summary>
    FencesAreIgnored,

    /// <summary>Two acknowledgements change places (L2).</summary>
    OrderIsMixedUp,
}

/// <summary>A writer among bookies that lose messages, metadata that fail and recoveries that come in between: all of it drawn from a seed, and checked at every step.</summary>
internal sealed partial class WriterWorld : IWriterEffects, IAddAnswers
{
    private static readonly LedgerId s_ledger = new(7);
    private static readonly LedgerCredentials s_credentials = new(DigestType.Crc32C, default);

    private static readonly QuorumSizes[] s_sizes = [new(1, 1, 1), new(3, 3, 2), new(3, 2, 2), new(5, 3, 2), new(4, 3, 3), new(2, 2, 1), new(3, 3, 1)];

    private readonly Random _random;
    private readonly WriterFlaw _flaw;
    private readonly QuorumSizes _sizes;
    private readonly MemoryBookies _bookies = new();
    private readonly List<BookieId> _cluster;
    private readonly List<Action> _errands = [];
    private readonly Dictionary<int, (BookieId Bookie, int Tag)> _holders = [];
    private readonly WriterMachine _machine;
    private LedgerMetadata _stored;
    private int _version;
    private EntryId _lastSent = EntryId.None;
    private EntryId? _mixedUp;
    private EntryId? _recovered;

    public WriterWorld(int seed, WriterFlaw flaw = WriterFlaw.None)
    {
        (_random, _flaw) = (new Random(seed), flaw);
        _sizes = s_sizes[_random.Next(s_sizes.Length)];
        _cluster = [.. Enumerable.Range(0, _sizes.Ensemble + _random.Next(4)).Select(i => new BookieId($"b{i}"))];
        _stored = new LedgerMetadata
        {
            Ledger = s_ledger,
            Sizes = _sizes,
            Segments = [new EnsembleSegment(new EntryId(0), [.. _cluster.Take(_sizes.Ensemble)])],
        };
        _machine = new WriterMachine(new VersionedMetadata(_stored, 0), s_credentials, new WriterWindow(1 + _random.Next(8), 1000), this);
    }

    public List<string> Violations { get; } = [];

    public int Appended { get; private set; }

    public EntryId Acknowledged { get; private set; } = EntryId.None;

    public BookKeeperException? Failure { get; private set; }

    public bool IsClosed { get; private set; }

    public bool WasRecovered => _recovered is not null;

    public int Segments => _stored.Segments.Length;

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
            Step();
        for (var i = 0; i < 5; i++)
        {
            Settle();
            _machine.LookAgain();
        }
        Settle();
        CheckEnd();
    }

    private void Step()
    {
        switch (_random.Next(1000))
        {
            case < 250 when _machine.Refusal is null:
                Appended++;
                _machine.Append(new byte[_random.Next(20)]);
                break;
            case < 750 when _bookies.InFlight.Count > 0:
                _bookies.Deliver(_bookies.InFlight[_random.Next(_bookies.InFlight.Count)]);
                break;
            case < 790 when _bookies.InFlight.Count > 0:
                BookieStatus[] statuses = [BookieStatus.TimedOut, BookieStatus.Unreachable, BookieStatus.ReadOnly, BookieStatus.IoError];
                _bookies.Lose(_bookies.InFlight[_random.Next(_bookies.InFlight.Count)], statuses[_random.Next(statuses.Length)]);
                break;
            case < 940 when _errands.Count > 0:
                RunErrand();
                break;
            case < 960:
                _machine.LookAgain();
                break;
            case < 980:
                _machine.Quiet();
                break;
            case < 983:
                Store(_stored with { Custom = _stored.Custom.SetItem("by", new byte[] { (byte)_version }) });
                break;
            case < 986:
                Rereplicate();
                break;
            case < 990:
                Recover();
                break;
            case < 992:
                _machine.Close();
                break;
            case < 998:
                Watch();
                break;
            default:
                break;
        }
    }

    private void Settle()
    {
        while (_bookies.InFlight.Count > 0 || _errands.Count > 0)
        {
            _bookies.DeliverAll();
            while (_errands.Count > 0)
                RunErrand();
        }
    }

    private void RunErrand()
    {
        var errand = _errands[0];
        _errands.RemoveAt(0);
        errand();
    }

    private void Store(LedgerMetadata metadata)
    {
        (_stored, _version) = (metadata, _version + 1);
        if (LedgerMetadataErrors.ProblemOf(metadata) is { } problem)
            Violations.Add($"L13: {problem}");
    }

    /// <summary>Another client recovers the ledger by the rules, while fewer than Qa bookies of any write set are out of its reach.</summary>
    private void Recover()
    {
        if (_stored.State == LedgerState.Closed)
            return;
        Store(_stored.InRecovery());
        var missed = _random.Next(_sizes.Ack);
        var reached = _stored.Current.Bookies.OrderBy(_ => _random.Next()).Skip(missed).ToList();
        foreach (var bookie in reached)
            _bookies[bookie].Read(new ReadRequest(s_ledger, EntryId.None, ReadOptions.Fence, s_credentials.MasterKey));
        var next = _stored.Current.First;
        while (reached.Any(bookie => WriteSet(next).Contains(bookie) && Has(bookie, next)))
        {
            var body = _bookies[reached.First(bookie => Has(bookie, next))].EntriesOf(s_ledger)[next.Value];
            foreach (var bookie in WriteSet(next).Where(reached.Contains))
                _bookies[bookie].EntriesOf(s_ledger)[next.Value] = body;
            next = next.Next;
        }
        _recovered = new EntryId(next.Value - 1);
        if (Acknowledged > _recovered)
            Violations.Add($"L1: entry {Acknowledged} was acknowledged, and recovery closed at {_recovered}");
        Store(_stored.Close(_recovered.Value, 1));
    }

    /// <summary>Another client has replaced a bookie of an earlier segment and copied what that held.</summary>
    private void Rereplicate()
    {
        if (_stored.Segments.Length < 2 || _stored.State != LedgerState.Open)
            return;
        var segment = _random.Next(_stored.Segments.Length - 1);
        var ((first, bookies), position) = (_stored.Segments[segment], _random.Next(_sizes.Ensemble));
        var replacement = new BookieId($"r{_version}");
        for (var entry = first; entry < _stored.Segments[segment + 1].First; entry = entry.Next)
        {
            if (_sizes.WriteSetOf(entry).CopyAt(position) >= 0)
                _bookies[replacement].EntriesOf(s_ledger)[entry.Value] = _bookies[WriteSet(entry).First(b => Has(b, entry))].EntriesOf(s_ledger)[entry.Value];
        }
        Store(_stored.ReplaceBookies(first, bookies.SetItem(position, replacement)));
    }

    private List<BookieId> WriteSet(EntryId entry)
    {
        var (segment, copies) = (_stored.SegmentOf(entry), _sizes.WriteSetOf(entry));
        return [.. Enumerable.Range(0, copies.Count).Select(copy => segment.Bookies[copies[copy]])];
    }

    private bool Has(BookieId bookie, EntryId entry) => _bookies[bookie].EntriesOf(s_ledger).ContainsKey(entry.Value);

    private void CheckEnd()
    {
        if (Failure is null && Acknowledged.Value != Appended - 1)
            Violations.Add($"entry {Acknowledged.Next} never ends");
        for (var entry = new EntryId(0); entry <= Acknowledged; entry = entry.Next)
            CheckCopies(entry);
        if (IsClosed && (_stored.State != LedgerState.Closed || _stored.LastEntry != Acknowledged))
            Violations.Add($"L11: closed at {Acknowledged}, but the metadata have {_stored.State} at {_stored.LastEntry}");
    }

    private void CheckCopies(EntryId entry)
    {
        var copies = WriteSet(entry).Count(bookie => Has(bookie, entry));
        if (copies < _sizes.Ack)
            Violations.Add($"entry {entry} was acknowledged with {copies} copies of {_sizes.Ack}");
    }
}

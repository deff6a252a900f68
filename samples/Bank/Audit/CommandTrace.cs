using Bank.Accounts;
using Bank.Entries;
using Bank.ReadModels;
using Daybook;

namespace Bank.Audit;

/// <summary>The events of one command in all streams; distinguishes a torn or doubled transaction from a whole one.</summary>
internal sealed class CommandTrace(CommandId id)
{
    private readonly HashSet<(StreamId, Type)> _effects = [];
    private readonly List<Posting> _moved = [];
    private readonly List<string> _doubled = [];
    private EntryRecorded? _entry;
    private TransferSent? _sent;
    private bool _crossesTheBank;

    /// <summary>Adds one of its events.</summary>
    public void Add(StreamId stream, object body)
    {
        if (!_effects.Add((stream, body.GetType())))
            _doubled.Add($"command {id} recorded {body.GetType().Name} twice on '{stream}'");
        _entry ??= body as EntryRecorded;
        _sent ??= body as TransferSent;
        _crossesTheBank |= body is Deposited or Withdrawn;
        if (body is not Opened && AccountId.Of(stream) is { } account)
            _moved.AddRange(Movements.Of(body).Select(money => new Posting(account, money.Amount, money.Currency)));
    }

    /// <summary>Its faults, one sentence each.</summary>
    public IEnumerable<string> Differences()
    {
        foreach (var doubled in _doubled)
            yield return doubled;
        if (_crossesTheBank)
            yield break;
        foreach (var postings in _moved.GroupBy(posting => posting.Currency))
        {
            var left = postings.Aggregate(default(WideSum), (sum, posting) => sum + posting.Amount);
            if (!left.Units.IsZero)
                yield return $"command {id} is torn: its events do not sum to zero, {left} {postings.Key} are left over{Where()}";
        }
        if (_entry is null ? _moved.Count > 0 && _sent is null : !SamePostings(_entry.Postings, _moved))
            yield return $"command {id} is torn: the accounts recorded other amounts than the entry{Where()}";
    }

    private static bool SamePostings(IEnumerable<Posting> expected, IEnumerable<Posting> actual) =>
        Sorted(expected).SequenceEqual(Sorted(actual));

    private static IEnumerable<Posting> Sorted(IEnumerable<Posting> postings) =>
        postings.OrderBy(posting => posting.Account.Value, StringComparer.Ordinal).ThenBy(posting => posting.Currency).ThenBy(posting => posting.Amount);

    private string Where() => _moved.Count == 0
        ? ""
        : $" (accounts {string.Join(", ", _moved.Select(posting => posting.Account).Distinct())})";
}

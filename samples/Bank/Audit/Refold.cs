using Bank.Accounts;
using Bank.Amounts;
using Daybook;

namespace Bank.Audit;

/// <summary>
/// Folds every event of the bank again, without the engine's caches and read models, and records contradictions.
/// </summary>
internal sealed class Refold
{
    private readonly Dictionary<StreamId, long> _versions = [];
    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<CommandId, CommandTrace> _commands = [];
    private readonly Dictionary<Currency, WideSum> _fromOutside = [];
    private readonly List<string> _broken = [];

    /// <summary>How many streams there are.</summary>
    public int Streams => _versions.Count;

    /// <summary>How many events there are.</summary>
    public long Events => _versions.Values.Sum();

    /// <summary>How many deposits, withdrawals, transfers and journal entries there are.</summary>
    public long Movements { get; private set; }

    /// <summary>The accounts that result from the events.</summary>
    public IReadOnlyDictionary<AccountId, Account> Accounts => _accounts;

    /// <summary>Takes the next event of a stream.</summary>
    public void Add(RecordedEvent recorded, object body)
    {
        var version = _versions.GetValueOrDefault(recorded.Stream) + 1;
        _versions[recorded.Stream] = version;
        if (recorded.Version.Value != version)
            _broken.Add($"stream '{recorded.Stream}' has version {recorded.Version} where {version} belongs");
        if (AccountId.Of(recorded.Stream) is { } account)
            Fold(account, body);
        if (body is Deposited or Withdrawn)
            AddFromOutside(ReadModels.Movements.Of(body).Single());
        if (ReadModels.Movements.IsFirstOf(body))
            Movements++;
        if (!_commands.TryGetValue(recorded.Metadata.CommandId, out var trace))
            _commands.Add(recorded.Metadata.CommandId, trace = new CommandTrace(recorded.Metadata.CommandId));
        trace.Add(recorded.Stream, body);
    }

    /// <summary>The faults in the events themselves: order, torn or doubled transactions, zero-sum.</summary>
    public IEnumerable<string> Differences() =>
        [.. _broken, .. _commands.Values.SelectMany(trace => trace.Differences()), .. ZeroSum()];

    private void Fold(AccountId id, object body)
    {
        if (_accounts.TryGetValue(id, out var account))
            _accounts[id] = Next(account, body);
        else if (body is Opened opened)
            _accounts[id] = Account.Create(opened);
        else
            _broken.Add($"account '{id}' has {body.GetType().Name} before it was opened");
    }

    private Account Next(Account account, object body) => body switch
    {
        Deposited e => account.Apply(e),
        Withdrawn e => account.Apply(e),
        TransferSent e => account.Apply(e),
        TransferReceived e => account.Apply(e),
        Posted e => account.Apply(e),
        _ => Unexpected(account, body),
    };

    private Account Unexpected(Account account, object body)
    {
        _broken.Add($"account '{account.Id}' has {body.GetType().Name} where it does not belong");
        return account;
    }

    private void AddFromOutside(Money money) =>
        _fromOutside[money.Currency] = _fromOutside.GetValueOrDefault(money.Currency) + money.Amount;

    private IEnumerable<string> ZeroSum()
    {
        var sums = new Dictionary<Currency, WideSum>();
        foreach (var (currency, amount) in _accounts.Values.SelectMany(account => account.Balances))
            sums[currency] = sums.GetValueOrDefault(currency) + amount;
        foreach (var (currency, sum) in sums)
        {
            var expected = _fromOutside.GetValueOrDefault(currency);
            if (sum != expected)
                yield return $"all accounts together hold {sum} {currency}; deposits less withdrawals are {expected} {currency}";
        }
    }
}

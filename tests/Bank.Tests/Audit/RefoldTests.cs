using Bank.Accounts;
using Bank.Amounts;
using Bank.Audit;
using Bank.Entries;
using Bank.ReadModels;
using Daybook;
using static Bank.Tests.Domain.Cast;

namespace Bank.Tests.Audit;

/// <summary>The audit is a checker, so each kind of damage it is there for is planted and must be found.</summary>
public sealed class RefoldTests
{
    private readonly Refold _refold = new();
    private readonly Dictionary<StreamId, long> _versions = [];

    [Fact]
    public void A_sound_book_has_no_differences()
    {
        PlayTransfer(out _);
        PlayEntry(out _);
        Assert.Empty(_refold.Differences());
        Assert.Equal((75m, 25m), (_refold.Accounts[Alice].Balances[Eur], _refold.Accounts[Bob].Balances[Eur]));
        Assert.Equal((3, 8L), (_refold.Streams, _refold.Events));
    }

    [Fact]
    public void A_transfer_without_its_other_half_is_torn()
    {
        OpenBoth();
        var id = Command();
        Play(id, Alice, new Deposited(Eur, 10));
        var torn = Command();
        Play(torn, Alice, new TransferSent(Bob, Eur, 10));
        Assert.Equal(
            [
                $"command {torn} is torn: its events do not sum to zero, -10 EUR are left over (accounts alice)",
                "all accounts together hold 0 EUR; deposits less withdrawals are 10 EUR",
            ],
            _refold.Differences());
    }

    [Fact]
    public void An_entry_with_a_lost_posting_is_torn()
    {
        OpenBoth();
        var id = Command();
        var entry = new JournalEntryId(id.Value);
        Play(id, StreamId.For("entry", id.ToString()), EntryOf(entry));
        Play(id, Alice, new Posted(entry, default, "", [new Money(5, Eur)]));
        Assert.Contains($"command {id} is torn: the accounts recorded other amounts than the entry (accounts alice)", _refold.Differences());
    }

    [Fact]
    public void An_entry_of_which_no_account_knows_is_torn()
    {
        var id = Command();
        Play(id, StreamId.For("entry", id.ToString()), EntryOf(new JournalEntryId(id.Value)));
        Assert.Equal([$"command {id} is torn: the accounts recorded other amounts than the entry"], _refold.Differences());
    }

    [Fact]
    public void A_command_that_took_effect_twice_is_found()
    {
        PlayTransfer(out var id);
        Play(id, Alice, new TransferSent(Bob, Eur, 30));
        Play(id, Bob, new TransferReceived(Alice, Eur, 30));
        Assert.Equal(
            [
                $"command {id} recorded TransferSent twice on 'account/alice'",
                $"command {id} recorded TransferReceived twice on 'account/bob'",
            ],
            _refold.Differences());
    }

    [Fact]
    public void A_version_that_is_missing_is_found()
    {
        OpenBoth();
        _versions[StreamId.For("account", "alice")]++;
        Play(Command(), Alice, new Deposited(Eur, 1));
        Assert.Equal(["stream 'account/alice' has version 3 where 2 belongs"], _refold.Differences());
    }

    [Fact]
    public void An_account_that_was_never_opened_is_found()
    {
        Play(Command(), Alice, new Deposited(Eur, 0));
        Assert.Equal(["account 'alice' has Deposited before it was opened"], _refold.Differences());
    }

    [Fact]
    public void Rows_that_differ_from_the_events_are_named()
    {
        PlayTransfer(out _);
        Balance[] rows = [new(Alice, Eur, 71), new(Bob, Usd, 1)];
        Assert.Equal(
            [
                "account 'alice' in EUR: the events give 70, the read model 71",
                "the read model has account 'bob' in USD, the events do not",
                "the events have account 'bob' in EUR, the read model does not",
            ],
            ReadModelCheck.Differences(_refold.Accounts, rows));
    }

    [Fact]
    public void Sums_may_be_larger_than_any_decimal()
    {
        OpenBoth();
        Play(Command(), Alice, new Deposited(Eur, decimal.MaxValue));
        Play(Command(), Bob, new Deposited(Eur, decimal.MaxValue));
        Assert.Empty(_refold.Differences());
        Assert.Equal("79228162514264337593543950335.5", (default(WideSum) + decimal.MaxValue + 0.5m).ToString());
        Assert.Equal("-0.01", (default(WideSum) + -0.01m).ToString());
    }

    private static CommandId Command() => new(Guid.NewGuid());

    private static EntryRecorded EntryOf(JournalEntryId id) =>
        new(id, default, "Rent", [new Posting(Alice, 5, Eur), new Posting(Bob, -5, Eur)]);

    private void OpenBoth()
    {
        Play(Command(), Alice, new Opened(Alice, [Eur]));
        Play(Command(), Bob, new Opened(Bob, [Eur]));
    }

    private void PlayTransfer(out CommandId id)
    {
        OpenBoth();
        Play(Command(), Alice, new Deposited(Eur, 100));
        id = Command();
        Play(id, Alice, new TransferSent(Bob, Eur, 30));
        Play(id, Bob, new TransferReceived(Alice, Eur, 30));
    }

    private void PlayEntry(out CommandId id)
    {
        id = Command();
        var entry = new JournalEntryId(id.Value);
        Play(id, StreamId.For("entry", id.ToString()), EntryOf(entry));
        Play(id, Alice, new Posted(entry, default, "", [new Money(5, Eur)]));
        Play(id, Bob, new Posted(entry, default, "", [new Money(-5, Eur)]));
    }

    private void Play(CommandId id, AccountId account, object body) => Play(id, StreamId.For("account", account.Value), body);

    private void Play(CommandId id, StreamId stream, object body)
    {
        var version = _versions[stream] = _versions.GetValueOrDefault(stream) + 1;
        var metadata = new EventMetadata { CommandId = id, Time = DateTimeOffset.UnixEpoch };
        _refold.Add(new RecordedEvent(stream, new StreamVersion(version), default, body.GetType().Name, default, metadata), body);
    }
}

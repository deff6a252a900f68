using Bank.Accounts;
using Bank.Amounts;
using Bank.Entries;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;
using static Bank.Tests.Domain.Cast;

namespace Bank.Tests.Domain;

public sealed class ProjectionTests
{
    private static readonly JournalEntryId Id = new(Guid.Parse("5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001"));

    [Fact]
    public void Balances_are_the_sums_of_what_moved_by_account_and_currency()
    {
        var rows = Fold(new Balances(),
            On(Alice, new Opened(Alice, [Eur])),
            On(Alice, new Deposited(Eur, 100)),
            On(Alice, new TransferSent(Bob, Eur, 30)),
            On(Bob, new TransferReceived(Alice, Eur, 30)),
            On(Alice, new Withdrawn(Eur, 5)),
            On(Alice, new Posted(Id, default, "", [new Money(1, Eur), new Money(2, Eur), new Money(7, Usd)])));

        Assert.Equal([new Balance(Alice, Eur, 68), new Balance(Alice, Usd, 7), new Balance(Bob, Eur, 30)], rows);
    }

    [Fact]
    public void The_rows_of_an_account_stay_together_for_any_name()
    {
        var names = "a|a:b|a b|a!".Split('|').Select(name => new AccountId(name)).ToArray();
        var rows = Fold(new Balances(), [.. names.Select(name => On(name, new Opened(name, [Usd, Eur])))]);
        Assert.Equal(["a", "a", "a b", "a b", "a!", "a!", "a:b", "a:b"], rows.Select(row => row.Account.Value));
    }

    [Fact]
    public void A_transfer_is_one_recent_entry_with_two_postings()
    {
        var row = Assert.Single(Fold(new RecentEntries(),
            On(Alice, new TransferSent(Bob, Eur, 30)), On(Bob, new TransferReceived(Alice, Eur, 30))));
        Assert.Equal("transfer", row.Kind);
        Assert.Equal([new Posting(Alice, -30, Eur), new Posting(Bob, 30, Eur)], row.Postings);
    }

    [Fact]
    public void A_journal_entry_is_one_recent_entry_with_its_own_date()
    {
        var recorded = new EntryRecorded(Id, new DateOnly(2020, 1, 31), "Rent", [new Posting(Alice, 1, Eur), new Posting(Bob, -1, Eur)]);
        var row = Assert.Single(Fold(new RecentEntries(),
            Projected(StreamId.For("entry", Id.ToString()), recorded), On(Alice, new Posted(Id, recorded.Date, "Rent", [new Money(1, Eur)]))));
        Assert.Equal((recorded.Date, "Rent", 2), (row.Date, row.Description, row.Postings.Count));
    }

    [Fact]
    public void Recent_entries_are_in_the_order_of_their_dates()
    {
        EntryRecorded Dated(int id, DateOnly date) => new(new JournalEntryId(new Guid(id, 0, 0, new byte[8])), date, $"{id}", [new Posting(Alice, 0, Eur)]);
        var rows = Fold(new RecentEntries(), [.. new[] { Dated(1, new(2024, 2, 29)), Dated(2, new(1999, 12, 31)), Dated(3, new(2030, 1, 1)) }
            .Select(recorded => Projected(StreamId.For("entry", recorded.Entry.ToString()), recorded))]);
        Assert.Equal(["2", "1", "3"], rows.Select(row => row.Description));
    }

    [Fact]
    public void The_log_of_movements_names_each_account_once_and_the_entry()
    {
        var recorded = new EntryRecorded(Id, new DateOnly(2020, 1, 31), "Rent",
            [new Posting(Alice, 1, Eur), new Posting(Bob, -1, Eur), new Posting(Alice, 0, Usd)]);
        var entry = Assert.Single(Fold(new MovementLog(), Projected(StreamId.For("entry", Id.ToString()), recorded)));
        Assert.Equal((Id, "alice bob"), (entry.Entry, string.Join(' ', entry.Accounts)));
        var transfer = Assert.Single(Fold(new MovementLog(),
            On(Alice, new TransferSent(Bob, Eur, 30)), On(Bob, new TransferReceived(Alice, Eur, 30))));
        Assert.Equal((null, "alice bob"), (transfer.Entry, string.Join(' ', transfer.Accounts)));
    }

    [Fact]
    public void Totals_count_accounts_and_movements()
    {
        var total = Assert.Single(Fold(new Totals(),
            On(Alice, new Opened(Alice, [Eur])), On(Alice, new Deposited(Eur, 1)),
            On(Alice, new TransferSent(Bob, Eur, 1)), On(Bob, new TransferReceived(Alice, Eur, 1))));
        Assert.Equal(new Total(1, 2), total);
    }

    private static ProjectedEvent On(AccountId account, object body) => Projected(StreamId.For("account", account.Value), body);

    private static ProjectedEvent Projected(StreamId stream, object body) => new(body, new RecordedEvent(
        stream, new StreamVersion(1), default, body.GetType().Name, default,
        new EventMetadata { CommandId = new CommandId(Id.Value), Time = DateTimeOffset.UnixEpoch }));

    private static IReadOnlyList<T> Fold<T>(IDocumentProjection<T> projection, params ProjectedEvent[] events)
        where T : class
    {
        var rows = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var projected in events)
        {
            foreach (var key in projection.KeysOf(projected))
                rows[key] = projection.Apply(key, rows.GetValueOrDefault(key), projected)!;
        }
        return [.. rows.Values];
    }
}

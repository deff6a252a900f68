using Bank.Accounts;
using Bank.Amounts;
using Bank.Entries;
using static Bank.Tests.Domain.Cast;

namespace Bank.Tests.Domain;

public sealed class PostTests
{
    private static readonly JournalEntryId Id = new(Guid.Parse("5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001"));

    [Fact]
    public void Each_account_gets_one_event_with_all_of_its_postings()
    {
        var post = PostOf(new Posting(Alice, 10, Eur), new Posting(Bob, -10, Eur), new Posting(Alice, -3, Usd), new Posting(Bob, 3, Usd));
        var alice = Holding(Alice, new Money(1, Eur));
        var decision = PostHandler.Handle(post, null, Accounts(alice, Holding(Bob)));

        Assert.Equal(post.Postings, Assert.IsType<EntryRecorded>(decision[0].Event).Postings);
        Assert.Equal(Id, decision[0].Key);
        Assert.Equal(3, decision.Count);
        var after = alice.Apply(Assert.IsType<Posted>(decision[1].Event));
        Assert.Equal((11m, -3m), (after.Balances[Eur], after.Balances[Usd]));
    }

    [Fact]
    public void Accounts_that_do_not_exist_are_opened_on_first_use()
    {
        var decision = PostHandler.Handle(PostOf(new Posting(Alice, 10, Eur), new Posting(Bob, -10, Eur)), null, Accounts(Holding(Alice)));

        Assert.Equal(4, decision.Count);
        Assert.Equal(Bob, Assert.IsType<Opened>(decision[2].Event).Account);
        Assert.Equal(new Money(-10, Eur), Assert.Single(Assert.IsType<Posted>(decision[3].Event).Amounts));
    }

    [Fact]
    public void An_entry_that_does_not_sum_to_zero_in_each_currency_is_refused()
    {
        var decision = PostHandler.Handle(PostOf(new Posting(Alice, 10, Eur), new Posting(Bob, -10, Usd)), null, Accounts());
        Assert.Equal("unbalanced", decision.Reason);
        Assert.Contains("10 EUR, -10 USD", decision.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_without_postings_is_refused() =>
        Assert.Equal("no-legs", PostHandler.Handle(PostOf(), null, Accounts()).Reason);

    [Fact]
    public void An_entry_that_is_in_the_book_is_not_posted_again()
    {
        var post = PostOf(new Posting(Alice, 10, Eur), new Posting(Bob, -10, Eur));
        var entry = Entry.Create(new EntryRecorded(post.Entry, post.Date, post.Description, post.Postings));
        Assert.Equal(0, PostHandler.Handle(post, entry, Accounts()).Count);
    }

    [Fact]
    public void Postings_that_cannot_be_summed_exactly_are_refused()
    {
        var decision = PostHandler.Handle(
            PostOf(new Posting(Alice, decimal.MaxValue, Eur), new Posting(Bob, 1, Eur), new Posting(Bob, decimal.MinValue, Eur)), null, Accounts());
        Assert.Equal("amount-overflow", decision.Reason);
    }

    [Fact]
    public void A_balance_that_would_lose_digits_is_refused()
    {
        var rich = Holding(Alice, new Money(decimal.MaxValue, Eur));
        var decision = PostHandler.Handle(PostOf(new Posting(Alice, 1, Eur), new Posting(Bob, -1, Eur)), null, Accounts(rich));
        Assert.Equal("amount-overflow", decision.Reason);
    }

    private static Post PostOf(params Posting[] postings) => new(Id, new DateOnly(2024, 2, 29), "Rent", postings);

    private static Dictionary<AccountId, Account?> Accounts(params Account[] accounts) =>
        new[] { Alice, Bob }.ToDictionary(id => id, id => accounts.FirstOrDefault(account => account.Id == id));
}

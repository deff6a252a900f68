using Bank.Accounts;
using Bank.Amounts;
using Daybook;
using static Bank.Tests.Domain.Cast;

namespace Bank.Tests.Domain;

public sealed class AccountTests
{
    [Fact]
    public void An_account_opens_empty_in_its_currencies()
    {
        var decision = OpenHandler.Handle(new Open(Alice, [Eur, Usd]), null);

        var opened = Assert.IsType<Opened>(decision[0].Event);
        Assert.Equal([Eur, Usd], opened.Currencies);
        Assert.Equal(0m, Account.Create(opened).Balances[Usd]);
    }

    [Fact]
    public void A_name_that_is_taken_is_refused() =>
        Refused("already-open", OpenHandler.Handle(new Open(Alice, [Eur]), Holding(Alice)));

    [Fact]
    public void An_account_without_currencies_is_refused() =>
        Refused("no-currency", OpenHandler.Handle(new Open(Alice, []), null));

    [Fact]
    public void A_currency_named_twice_is_refused() =>
        Refused("duplicate-currency", OpenHandler.Handle(new Open(Alice, [Eur, Eur]), null));

    [Fact]
    public void A_deposit_raises_the_balance_of_its_currency_only()
    {
        var account = Holding(Alice, new Money(10, Eur), new Money(5, Usd));
        var decision = DepositHandler.Handle(new Deposit(Alice, Eur, 2.50m), account);

        var after = account.Apply(Assert.IsType<Deposited>(decision[0].Event));
        Assert.Equal(12.50m, after.Balances[Eur]);
        Assert.Equal(5m, after.Balances[Usd]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_amount_that_is_not_positive_is_refused(int amount)
    {
        var (alice, bob) = (Holding(Alice, new Money(10, Eur)), Holding(Bob, new Money(10, Eur)));
        Refused("invalid-amount", DepositHandler.Handle(new Deposit(Alice, Eur, amount), alice));
        Refused("invalid-amount", WithdrawHandler.Handle(new Withdraw(Alice, Eur, amount), alice));
        Refused("invalid-amount", TransferHandler.Handle(new Transfer(Alice, Bob, Eur, amount), alice, bob));
    }

    [Fact]
    public void A_currency_that_the_account_does_not_hold_is_refused_by_name()
    {
        var (alice, bob) = (Holding(Alice, new Money(10, Eur)), Holding(Bob, new Money(10, Usd)));
        Assert.Contains("'USD'", Refused("unknown-currency", DepositHandler.Handle(new Deposit(Alice, Usd, 1), alice)), StringComparison.Ordinal);
        Refused("unknown-currency", WithdrawHandler.Handle(new Withdraw(Alice, Usd, 1), alice));
        var detail = Refused("unknown-currency", TransferHandler.Handle(new Transfer(Alice, Bob, Eur, 1), alice, bob));
        Assert.Contains("'bob'", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_withdrawal_may_empty_an_account_but_not_overdraw_it()
    {
        var account = Holding(Alice, new Money(10, Eur));
        var all = WithdrawHandler.Handle(new Withdraw(Alice, Eur, 10), account);
        Assert.Equal(0m, account.Apply(Assert.IsType<Withdrawn>(all[0].Event)).Balances[Eur]);
        Refused("insufficient-funds", WithdrawHandler.Handle(new Withdraw(Alice, Eur, 10.01m), account));
    }

    [Fact]
    public void A_transfer_moves_the_amount_from_one_account_to_the_other()
    {
        var (alice, bob) = (Holding(Alice, new Money(10, Eur)), Holding(Bob, new Money(1, Eur)));
        var decision = TransferHandler.Handle(new Transfer(Alice, Bob, Eur, 4), alice, bob);

        Assert.Equal(2, decision.Count);
        Assert.Equal((Alice, Bob), ((AccountId)decision[0].Key!, (AccountId)decision[1].Key!));
        Assert.Equal(6m, alice.Apply(Assert.IsType<TransferSent>(decision[0].Event)).Balances[Eur]);
        Assert.Equal(5m, bob.Apply(Assert.IsType<TransferReceived>(decision[1].Event)).Balances[Eur]);
    }

    [Fact]
    public void A_transfer_never_overdraws()
    {
        var (alice, bob) = (Holding(Alice, new Money(3, Eur)), Holding(Bob, new Money(1, Eur)));
        var detail = Refused("insufficient-funds", TransferHandler.Handle(new Transfer(Alice, Bob, Eur, 4), alice, bob));
        Assert.Equal("Account 'alice' holds 3 EUR, less than 4 EUR.", detail);
    }

    [Fact]
    public void A_balance_that_would_lose_digits_is_refused()
    {
        var (rich, poor) = (Holding(Alice, new Money(decimal.MaxValue, Eur)), Holding(Bob, new Money(5, Eur)));
        Refused("amount-overflow", DepositHandler.Handle(new Deposit(Alice, Eur, 1), rich));
        Refused("amount-overflow", DepositHandler.Handle(new Deposit(Alice, Eur, 0.1m), rich));
        Refused("amount-overflow", WithdrawHandler.Handle(new Withdraw(Alice, Eur, 0.1m), rich));
        Refused("amount-overflow", TransferHandler.Handle(new Transfer(Bob, Alice, Eur, 5), poor, rich));
    }

    private static string Refused(string reason, Decision decision)
    {
        Assert.Equal(reason, decision.Reason);
        return Assert.IsType<string>(decision.Detail);
    }
}

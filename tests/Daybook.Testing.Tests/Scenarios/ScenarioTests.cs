using Daybook.Testing.Scenarios;

namespace Daybook.Testing.Tests.Scenarios;

public sealed class ScenarioTests
{
    private const string Alice = "alice";
    private const string Bob = "bob";

    private static Scenario Purses => Scenario.For(typeof(PurseHandlers));

    private static ScenarioWhen TransferOf(int amount) => Purses
        .Given(Alice, new Opened("EUR"), new Deposited(100)).And(Bob, new Opened("EUR"))
        .When(new Transfer(Alice, Bob, amount));

    [Fact]
    public async Task Right_expectations_hold()
    {
        await TransferOf(30).Then(Alice, new Withdrawn(30)).And(Bob, new Deposited(30))
            .ThenState<Purse>(Alice, purse => purse.Amount == 70).ThenState<Purse>(Bob, purse => purse.Amount == 30);
        await TransferOf(101).ThenRejected("insufficient-funds");
        await Purses.Given(Alice, new Opened("EUR")).When(new Deposit(Alice, 0)).ThenNothing();
        await Purses.When(new Deposit(Alice, 1)).ThenRejected("not-found");
        await Purses.Given<Purse>(Alice, new Opened("EUR")).When(new Deposit(Alice, 1)).Then<Purse>(Alice, new Deposited(1));
        await Purses.Given(new StreamId("purse/alice"), new Opened("EUR")).When(new Deposit(Alice, 1))
            .Then(new StreamId("purse/alice"), new Deposited(1));
    }

    [Fact]
    public async Task Command_that_expects_another_version_ends_in_conflict() =>
        await Purses.Given(Alice, new Opened("EUR"))
            .When(new Deposit(Alice, 1), new CommandOptions { ExpectedVersion = ExpectedVersion.NoStream })
            .ThenConflict(actual: 1);

    [Fact]
    public async Task Wrong_event_is_shown_beside_the_right_one()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () =>
            await TransferOf(30).Then(Alice, new Withdrawn(31)).And(Bob, new Deposited(30)));
        Assert.Equal("""
            The scenario did not end as expected.
            given
                purse/alice: 2 events
                purse/bob: 1 event
            when
                Transfer { From = alice, To = bob, Amount = 30 }
            expected
                accepted
              > purse/alice#3 purse.withdrawn {"amount":31}
                purse/bob#2 purse.deposited {"amount":30}
            actual
                accepted
              > purse/alice#3 purse.withdrawn {"amount":30}
                purse/bob#2 purse.deposited {"amount":30}

            """.ReplaceLineEndings("\n"), failure.Message);
    }

    [Fact]
    public async Task Event_that_nobody_expected_is_found()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () => await TransferOf(30).Then(Alice, new Withdrawn(30)));
        Assert.Contains("  > purse/bob#2 purse.deposited {\"amount\":30}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_outcome_is_found()
    {
        var accepted = await Assert.ThrowsAsync<ScenarioException>(async () => await TransferOf(30).ThenRejected("insufficient-funds"));
        Assert.Contains("  > rejected: insufficient-funds", accepted.Message, StringComparison.Ordinal);
        Assert.Contains("  > accepted", accepted.Message, StringComparison.Ordinal);
        var rejected = await Assert.ThrowsAsync<ScenarioException>(async () => await TransferOf(101).ThenState<Purse>(Alice, purse => purse.Amount == 100));
        Assert.Contains("  > rejected: insufficient-funds", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_was_given_in_place_of_a_key_shows_beside_the_one_that_is_missing()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () =>
            await Purses.Given("purse/alice", new Opened("EUR")).When(new Deposit(Alice, 1)).Then(Alice, new Deposited(1)));
        Assert.Contains("given\n    purse/alice: no events\n    purse/purse/alice: 1 event\n", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("  > rejected: not-found\n      ('purse/alice' does not exist.)\n", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_state_is_shown_with_what_should_hold()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () => await TransferOf(30).ThenState<Purse>(Bob, purse => purse.Amount == 31));
        Assert.Contains("'purse/bob' at version 2 is Purse { Currency = EUR, Amount = 30 }, of which purse => purse.Amount == 31 does not hold.",
            failure.Message, StringComparison.Ordinal);
        var absent = await Assert.ThrowsAsync<ScenarioException>(async () => await TransferOf(30).ThenState<Purse>("carol", _ => true));
        Assert.Contains("'purse/carol' has no events", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_that_throws_is_named()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () =>
            await Purses.Given(Alice, new Opened("EUR")).When(new Deposit(Alice, -1)).ThenNothing());
        Assert.Contains("HandlerFailed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("negative", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_of_an_ambiguous_aggregate_is_named()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () =>
            await Purses.Given(Alice, "no event").When(new Deposit(Alice, 1)).ThenNothing());
        Assert.Contains("'alice'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("String", failure.Message, StringComparison.Ordinal);
    }
}

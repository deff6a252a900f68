using Daybook.Testing.Scenarios;

namespace Daybook.Testing.Tests.Scenarios;

public sealed class UnderFaultsTests
{
    private const string Alice = "alice";
    private const string Bob = "bob";

    [Fact]
    public async Task J5_transfer_has_one_effect_under_a_thousand_schedules_of_faults() =>
        await Scenario.For(typeof(PurseHandlers))
            .Given(Alice, new Opened("EUR"), new Deposited(100)).And(Bob, new Opened("EUR"))
            .When(new Transfer(Alice, Bob, 30))
            .Then(Alice, new Withdrawn(30)).And(Bob, new Deposited(30))
            .ThenState<Purse>(Alice, purse => purse.Amount == 70)
            .UnderFaults(seeds: 1000);

    [Fact]
    public async Task T1_transaction_over_many_streams_is_all_or_nothing_under_faults()
    {
        string[] names = ["bob", "carol", "dave", "eve", "frank", "grace"];
        var given = Scenario.For(typeof(PurseHandlers)).Given(Alice, new Opened("EUR"), new Deposited(100));
        given = names.Aggregate(given, (scenario, name) => scenario.And(name, new Opened("EUR")));
        var then = given.When(new Share(Alice, names, 10)).Then(Alice, new Withdrawn(60));
        then = names.Aggregate(then, (scenario, name) => scenario.And(name, new Deposited(10)));
        await then.UnderFaults(seeds: 200);
    }

    [Fact]
    public async Task J5_refusal_is_remembered_under_faults() =>
        await Scenario.For(typeof(PurseHandlers))
            .Given(Alice, new Opened("EUR")).And(Bob, new Opened("EUR"))
            .When(new Transfer(Alice, Bob, 30))
            .ThenRejected("insufficient-funds")
            .UnderFaults(seeds: 200);

    [Theory]
    [InlineData(typeof(ForgetfulHandlers))]
    [InlineData(typeof(CountingHandlers))]
    public async Task Handler_that_is_not_pure_passes_in_peace_and_is_found_under_faults(Type handlers)
    {
        var scenario = Scenario.For(handlers).Given(Alice, new Opened("EUR")).When(new Deposit(Alice, 5)).Then(Alice, new Deposited(5));
        var failure = await Assert.ThrowsAsync<ScenarioException>(() => scenario.UnderFaults(seeds: 200));
        Assert.Contains("Under the faults of seed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("partitions", failure.Message, StringComparison.Ordinal);
        Assert.Contains("expected", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(2, int.MaxValue)]
    public async Task Number_of_seeds_without_a_run_is_refused(int seeds, int firstSeed)
    {
        var scenario = Scenario.For(typeof(PurseHandlers)).Given(Alice, new Opened("EUR")).When(new Deposit(Alice, 5)).Then(Alice, new Deposited(5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scenario.UnderFaults(seeds, firstSeed));
    }

    [Fact]
    public async Task Wrong_expectation_fails_before_any_fault()
    {
        var scenario = Scenario.For(typeof(PurseHandlers)).Given(Alice, new Opened("EUR")).When(new Deposit(Alice, 5)).ThenNothing();
        var failure = await Assert.ThrowsAsync<ScenarioException>(() => scenario.UnderFaults(seeds: 1));
        Assert.DoesNotContain("seed", failure.Message, StringComparison.Ordinal);
    }
}

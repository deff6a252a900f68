using Daybook.Testing.Scenarios;

namespace Daybook.Testing.Tests.Scenarios;

public sealed class ProjectionScenarioTests
{
    private static ProjectionScenario<Total> Given => ProjectionScenario.For(new Totals())
        .Given("purse/alice", new Opened("EUR"), new Deposited(100))
        .Given("purse/bob", new Opened("EUR"), new Deposited(10), new Deposited(20));

    [Fact]
    public async Task Right_documents_hold() => await Given
        .Then("all", new Total(3, 130))
        .And("purse/alice", new Total(1, 100)).And("purse/bob", new Total(2, 30))
        .ThenNone("purse/carol");

    [Fact]
    public async Task Wrong_document_is_shown_beside_the_right_one()
    {
        var failure = await Assert.ThrowsAsync<ScenarioException>(async () => await Given.Then("all", new Total(3, 131)).ThenNone("purse/bob"));
        Assert.Equal("""
            The read model is not as expected.
            'all'
                expected {"deposits":3,"amount":131}
                actual   {"deposits":3,"amount":130}
            'purse/bob'
                expected no document
                actual   {"deposits":2,"amount":30}

            """.ReplaceLineEndings("\n"), failure.Message);
    }

    [Fact]
    public async Task Event_that_the_projection_cannot_take_parks_it()
    {
        var parked = Given.Given("purse/alice", new Deposited(-1));
        await parked.ThenParked("negative");
        var other = await Assert.ThrowsAsync<ScenarioException>(async () => await parked.ThenParked("positive"));
        Assert.Contains("negative", other.Message, StringComparison.Ordinal);
        var unforeseen = await Assert.ThrowsAsync<ScenarioException>(async () =>
            await ProjectionScenario.For(new Totals()).Given("purse/alice", new Deposited(-1)).ThenNone("all"));
        Assert.Contains("was parked", unforeseen.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Projection_that_should_be_parked_and_is_not_is_found() =>
        await Assert.ThrowsAsync<ScenarioException>(async () => await Given.ThenParked("negative"));
}

namespace Daybook.Testing.Scenarios;

/// <summary>A scenario as it was written: what to register, what happened before, what is sent, what should come of it.</summary>
internal sealed class ScenarioScript(Action<DaybookBuilder> configure, IReadOnlyList<KeyedEvents> givens, CommandStep when)
{
    public IReadOnlyList<KeyedEvents> Givens { get; } = givens;

    public CommandStep When { get; } = when;

    /// <summary>The first line of the expected result: what the outcome should be.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>The events that should be new; none means that there should be no new ones.</summary>
    public List<KeyedEvents> Events { get; } = [];

    public List<StateExpectation> States { get; } = [];

    public DaybookBuilder NewBuilder()
    {
        var builder = new DaybookBuilder();
        configure(builder);
        return builder;
    }
}

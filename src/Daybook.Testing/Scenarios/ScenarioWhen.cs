using System.Runtime.CompilerServices;

namespace Daybook.Testing.Scenarios;

/// <summary>A scenario whose command is known: state how it should end.</summary>
public sealed class ScenarioWhen
{
    private readonly ScenarioScript _script;

    internal ScenarioWhen(ScenarioScript script) => _script = script;

    /// <summary>The command is accepted and these events are new, in this order, and no others of any aggregate the scenario names.</summary>
    /// <param name="key">The key as it stands in commands, or a <see cref="StreamId"/>.</param>
    /// <param name="events">The new events. They are equal if they are stored as the same bytes.</param>
    public ScenarioThen Then(object key, params object[] events) => Expect("accepted").And(key, events);

    /// <summary>The command is accepted, and these are the new events of the aggregate of type <typeparamref name="TState"/>.</summary>
    public ScenarioThen Then<TState>(object key, params object[] events)
        where TState : class => Expect("accepted").And<TState>(key, events);

    /// <summary>The command is accepted and there is no new event.</summary>
    public ScenarioThen ThenNothing() => Expect("accepted");

    /// <summary>The handler refuses with this reason, and there is no new event.</summary>
    /// <param name="reason">For example <c>insufficient-funds</c>; an absent aggregate is refused as <c>not-found</c>.</param>
    public ScenarioThen ThenRejected(string reason) => Expect($"rejected: {reason}");

    /// <summary>The aggregate is not at the version that the command's options expect, and there is no new event.</summary>
    /// <param name="actual">The version it is at.</param>
    public ScenarioThen ThenConflict(long actual) => Expect($"conflict: version {actual}");

    /// <summary>The command is accepted, and afterwards the aggregate's state satisfies <paramref name="holds"/>. New events are not compared.</summary>
    /// <param name="key">The key as it stands in commands.</param>
    /// <param name="holds">Whether a state is as it should be.</param>
    /// <param name="text">Filled in by the compiler.</param>
    public ScenarioThen ThenState<TState>(
        object key, Func<TState, bool> holds, [CallerArgumentExpression(nameof(holds))] string text = "")
        where TState : class => Expect(ScenarioResult.AnyEvents).ThenState(key, holds, text);

    private ScenarioThen Expect(string outcome)
    {
        _script.Outcome = outcome;
        return new ScenarioThen(_script);
    }
}

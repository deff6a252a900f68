using System.Runtime.CompilerServices;

namespace Daybook.Testing.Scenarios;

/// <summary>A complete scenario: await it to run it once, or <see cref="UnderFaults"/> to run it many times under faults.</summary>
public sealed class ScenarioThen
{
    private readonly ScenarioScript _script;

    internal ScenarioThen(ScenarioScript script) => _script = script;

    /// <summary>These events are new, too.</summary>
    /// <param name="key">The key as it stands in commands, or a <see cref="StreamId"/>.</param>
    /// <param name="events">The new events, in order.</param>
    public ScenarioThen And(object key, params object[] events) => Add(new KeyedEvents(key, null, events));

    /// <summary>These events of the aggregate of type <typeparamref name="TState"/> are new, too.</summary>
    public ScenarioThen And<TState>(object key, params object[] events)
        where TState : class => Add(new KeyedEvents(key, typeof(TState), events));

    /// <summary>Afterwards the aggregate's state, read from the book, satisfies <paramref name="holds"/>.</summary>
    /// <param name="key">The key as it stands in commands.</param>
    /// <param name="holds">Whether a state is as it should be.</param>
    /// <param name="text">Filled in by the compiler.</param>
    public ScenarioThen ThenState<TState>(
        object key, Func<TState, bool> holds, [CallerArgumentExpression(nameof(holds))] string text = "")
        where TState : class
    {
        _script.States.Add(new StateExpectation<TState>(key, holds, text));
        return this;
    }

    /// <summary>
    /// Runs the scenario once in peace, then once for each seed under faults: appends held, lost or written without an acknowledgement,
    /// partitions that step down, restarts, and a second owner that takes over while the first believes in its lease; with one to eight
    /// partitions, on ordered and unordered stores. The command is sent with one id until its outcome is known. Each run must end as
    /// expected, exactly once, after a restart too, and a retry must get the same outcome.
    /// </summary>
    /// <remarks>The seed fixes the faults, not the interleaving of threads: a failure that names a seed may need a few runs to come again.</remarks>
    /// <param name="seeds">How many runs, from 1; 1,000 take a few seconds.</param>
    /// <param name="firstSeed">The first seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no run, or the last seed would exceed an <see cref="int"/>.</exception>
    /// <exception cref="ScenarioException">A run ended otherwise; the message names seed, faults, expected and actual result.</exception>
    public async Task UnderFaults(int seeds = 100, int firstSeed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSeed, int.MaxValue - seeds);
        await this;
        await new FaultySuite(_script).RunAsync(firstSeed, seeds);
    }

    /// <summary>Runs the scenario once.</summary>
    /// <exception cref="ScenarioException">It ended otherwise; the message shows expected and actual result.</exception>
    public TaskAwaiter GetAwaiter() => PeacefulRun.RunAsync(_script).GetAwaiter();

    private ScenarioThen Add(KeyedEvents expected)
    {
        if (expected.Events.Count == 0)
            throw new ScenarioException($"No events are expected of '{expected.Key}'; leave it out, or use ThenNothing().");
        _script.Events.Add(expected);
        return this;
    }
}

namespace Daybook.Testing.Scenarios;

/// <summary>
/// Given events, when a command, then events: a test of handlers on the wiring of production. The command goes through a book with journals
/// and partitions in memory; events are written and read back by the book's codec. Await the last step to run it.
/// <code>
/// await Scenario.For&lt;Transfer&gt;()
///     .Given(alice, new Opened("EUR"), new Deposited(100)).And(bob, new Opened("EUR"))
///     .When(new Transfer(alice, bob, 30))
///     .Then(alice, new Withdrawn(30)).And(bob, new Deposited(30))
///     .UnderFaults(seeds: 1000);
/// </code>
/// </summary>
public sealed class Scenario
{
    private readonly Action<DaybookBuilder> _configure;
    private readonly List<KeyedEvents> _givens = [];

    private Scenario(Action<DaybookBuilder> configure) => _configure = configure;

    /// <summary>Takes all handlers of the assembly that <typeparamref name="T"/> is in, as <see cref="DaybookBuilder.AddHandlersFrom{T}"/> does.</summary>
    public static Scenario For<T>() => new(book => book.AddHandlersFrom<T>());

    /// <summary>Takes the handlers of one class, as <see cref="DaybookBuilder.AddHandlers"/> does.</summary>
    public static Scenario For(Type handlers) => new(book => book.AddHandlers(handlers));

    /// <summary>Takes what the application registers: upcasts, serializers, options. Where ledgers are kept is chosen by the scenario.</summary>
    public static Scenario For(Action<DaybookBuilder> configure) => new(configure);

    /// <summary>Gives the history of an aggregate. The aggregate is the one that has a method for each of the events.</summary>
    /// <param name="key">The key as it stands in commands (<c>alice</c>, not <c>account/alice</c>), or a <see cref="StreamId"/>.</param>
    /// <param name="events">Its events, oldest first.</param>
    public Scenario Given(object key, params object[] events) => Add(new KeyedEvents(key, null, events));

    /// <summary>Gives the history of an aggregate of type <typeparamref name="TState"/>.</summary>
    /// <param name="key">The key as it stands in commands.</param>
    /// <param name="events">Its events, oldest first.</param>
    public Scenario Given<TState>(object key, params object[] events)
        where TState : class => Add(new KeyedEvents(key, typeof(TState), events));

    /// <inheritdoc cref="Given(object, object[])"/>
    public Scenario And(object key, params object[] events) => Given(key, events);

    /// <inheritdoc cref="Given{TState}(object, object[])"/>
    public Scenario And<TState>(object key, params object[] events)
        where TState : class => Given<TState>(key, events);

    /// <summary>Gives the command that is sent.</summary>
    /// <param name="command">A command that one of the handlers takes.</param>
    /// <param name="options">Its options; may be null.</param>
    public ScenarioWhen When<TCommand>(TCommand command, CommandOptions? options = null)
        where TCommand : notnull => new(new ScenarioScript(_configure, [.. _givens], new CommandStep<TCommand>(command, options)));

    private Scenario Add(KeyedEvents given)
    {
        _givens.Add(given);
        return this;
    }
}

using System.Runtime.CompilerServices;
using Daybook.Projections;

namespace Daybook.Testing.Scenarios;

/// <summary>Makes scenarios of projections.</summary>
public static class ProjectionScenario
{
    /// <summary>
    /// Given events, then documents: a test of a projection on the wiring of production. The events are written to a book in memory by its
    /// codec, read back by its projection runner, and folded into a read model in memory. Await the last step to run it.
    /// <code>await ProjectionScenario.For(new Balances()).Given("account/alice", new Deposited(100)).Then("alice", new Balance(100));</code>
    /// </summary>
    public static ProjectionScenario<TDocument> For<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => new(projection);
}

/// <summary>A scenario of one projection.</summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public sealed class ProjectionScenario<TDocument>
    where TDocument : class
{
    private readonly IDocumentProjection<TDocument> _projection;
    private readonly List<(StreamId Stream, object[] Events)> _givens = [];
    private readonly List<(string Key, TDocument? Document)> _thens = [];
    private string? _failure;

    internal ProjectionScenario(IDocumentProjection<TDocument> projection) => _projection = projection;

    /// <summary>Gives the events of a stream; streams are written in the order of these calls.</summary>
    /// <param name="stream">The stream, for example <c>account/alice</c>.</param>
    /// <param name="events">Its next events.</param>
    public ProjectionScenario<TDocument> Given(string stream, params object[] events) => Given(new StreamId(stream), events);

    /// <inheritdoc cref="Given(string, object[])"/>
    public ProjectionScenario<TDocument> Given(StreamId stream, params object[] events)
    {
        _givens.Add((stream, events));
        return this;
    }

    /// <summary>Expects a document under a key. Documents are equal if they are written as the same JSON.</summary>
    public ProjectionScenario<TDocument> Then(string key, TDocument document)
    {
        _thens.Add((key, document));
        return this;
    }

    /// <inheritdoc cref="Then(string, TDocument)"/>
    public ProjectionScenario<TDocument> And(string key, TDocument document) => Then(key, document);

    /// <summary>Expects no document under a key.</summary>
    public ProjectionScenario<TDocument> ThenNone(string key)
    {
        _thens.Add((key, null));
        return this;
    }

    /// <summary>Expects the projection to be parked at an event that it cannot apply.</summary>
    /// <param name="message">The expected error message, or a part of it.</param>
    public ProjectionScenario<TDocument> ThenParked(string message)
    {
        _failure = message;
        return this;
    }

    /// <summary>Runs the scenario.</summary>
    /// <exception cref="ScenarioException">It ended otherwise; the message shows expected and actual documents.</exception>
    public TaskAwaiter GetAwaiter() => new ProjectionRun<TDocument>(_projection, _givens, _thens, _failure).RunAsync().GetAwaiter();
}

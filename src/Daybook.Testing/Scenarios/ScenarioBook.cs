using Daybook.Coordination;
using Daybook.Ledgers;

namespace Daybook.Testing.Scenarios;

/// <summary>A book opened for one run of a scenario, what it is kept on, and what is written before the command.</summary>
internal sealed class ScenarioBook(ScenarioScript script, DaybookBuilder builder, ILedgerStore ledgers, ICoordinator coordinator) : IAsyncDisposable
{
    private readonly SortedDictionary<StreamId, long> _versions = [];

    public Book Book { get; private set; } = null!;

    public ScenarioScript Script => script;

    /// <summary>Every stream that the scenario names, and how many events it was given.</summary>
    public IReadOnlyDictionary<StreamId, long> Versions => _versions;

    /// <summary>Opens the book and writes what was given.</summary>
    public async Task ArrangeAsync(CancellationToken cancellationToken)
    {
        Book = await OpenAsync(cancellationToken);
        foreach (var stream in script.When.Streams(Book.Model))
            _versions[stream] = 0;
        foreach (var expected in script.Events)
            _versions[StreamFinder.Find(Book.Model, expected)] = 0;
        for (var i = 0; i < script.Givens.Count; i++)
            await GiveAsync(script.Givens[i], new CommandId(new Guid(i + 1, 0, 0, new byte[8])), cancellationToken);
    }

    /// <summary>Opens a second book beside the first one, as a restarted process or another node does.</summary>
    public ValueTask<Book> OpenAsync(CancellationToken cancellationToken) =>
        builder.UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(coordinator)).OpenAsync(cancellationToken: cancellationToken);

    /// <summary>Goes on with another book; the one before is not closed.</summary>
    public void Use(Book other) => Book = other;

    public async ValueTask DisposeAsync()
    {
        if (Book is not null)
            await Book.DisposeAsync();
    }

    private async Task GiveAsync(KeyedEvents given, CommandId id, CancellationToken cancellationToken)
    {
        var stream = StreamFinder.Find(Book.Model, given);
        var events = given.Events.Select(e => Book.Model.Codec.Encode(e)).ToArray();
        _versions[stream] = _versions.GetValueOrDefault(stream) + events.Length;
        if (events.Length == 0)
            return;
        var outcome = await Book.Streams.AppendAsync(stream, ExpectedVersion.Any, events, id, cancellationToken: cancellationToken);
        if (outcome is not Outcome.Accepted)
            throw new ScenarioException($"The events given for '{stream}' could not be written: {outcome}.");
    }
}

using System.Text.Json.Serialization;
using Daybook.Coordination;
using Daybook.Core.Modeling;
using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Reactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook;

/// <summary>
/// Builds a book from its parts. <c>Use…</c> chooses one thing, <c>Add…</c> adds another. Nothing is opened before <see cref="OpenAsync"/>.
/// </summary>
public sealed class DaybookBuilder : IStorageBuilder
{
    private readonly BookModelBuilder _model = new();
    private readonly ProjectionRegistrations _projections = new();
    private readonly DaybookOptions _options = new();
    private ProjectionOptions _projectionOptions = new();
    private Func<CancellationToken, ValueTask<ILedgerStore>>? _ledgers;
    private Func<CancellationToken, ValueTask<ICoordinator>>? _coordinator;
    private Func<CancellationToken, ValueTask<IProjectionSink>>? _sink;

    /// <summary>The documents of the projections that were added; for hosts that register read models elsewhere.</summary>
    public IReadOnlyList<Type> DocumentTypes => _projections.Documents;

    /// <summary>Sets options.</summary>
    public DaybookBuilder Configure(Action<DaybookOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }

    /// <summary>Registers all event types and handlers of the assembly that <typeparamref name="T"/> is in. What was registered before
    /// counts once.</summary>
    /// <exception cref="DaybookException">One of them cannot be used; the message names it and the reason.</exception>
    public DaybookBuilder AddHandlersFrom<T>()
    {
        _model.AddAssembly(typeof(T).Assembly);
        return this;
    }

    /// <summary>Registers the handlers of one class: public static methods named <c>Handle</c> that return a <see cref="Decision"/>.</summary>
    /// <exception cref="DaybookException">There is none, or a method named <c>Handle</c> cannot be used; the message names it.</exception>
    public DaybookBuilder AddHandlers(Type handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        foreach (var method in HandlerFinder.In(handlers))
            _model.AddHandler(method);
        return this;
    }

    /// <summary>Registers an aggregate that no handler names, so that it can be read.</summary>
    public DaybookBuilder AddAggregate<TState>()
        where TState : class
    {
        _model.AddAggregate(typeof(TState));
        return this;
    }

    /// <summary>Registers an event type that no method of a state names, so that handlers may emit it and projections read it.</summary>
    /// <exception cref="DaybookException">It has no <see cref="EventTypeAttribute"/>, or another type has its name.</exception>
    public DaybookBuilder AddEvent<TEvent>()
        where TEvent : notnull
    {
        _model.AddEvent(typeof(TEvent));
        return this;
    }

    /// <summary>Registers an event type that no state needs to take.</summary>
    internal DaybookBuilder AddEventType(Type type)
    {
        _model.AddUnchangingEvent(type);
        return this;
    }

    /// <summary>Folds every event a second time from its stored form and refuses commands whose two folds differ.</summary>
    internal DaybookBuilder CheckFolds(bool checks = true)
    {
        _model.ChecksFolds = checks;
        return this;
    }

    /// <summary>Reads events of an old type as a new one. Chains of upcasts are followed.</summary>
    public DaybookBuilder AddUpcast<TOld, TNew>(Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        ArgumentNullException.ThrowIfNull(upcast);
        _model.AddUpcast(upcast);
        return this;
    }

    /// <summary>Gives the JSON codec a source-generated context.</summary>
    public DaybookBuilder AddJson(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _model.AddJson(context);
        return this;
    }

    /// <summary>Replaces the JSON codec.</summary>
    public DaybookBuilder UseSerializer(IEventSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _model.Serializer = serializer;
        return this;
    }

    /// <summary>Adds a read model. The container where there is one supplies what its constructor needs.</summary>
    public DaybookBuilder AddProjection<TProjection, TDocument>()
        where TProjection : class, IDocumentProjection<TDocument>
        where TDocument : class
    {
        _projections.AddDocuments<TProjection, TDocument>();
        return this;
    }

    /// <summary>Adds a projection that only one kind of sink knows; see <see cref="IStorageBuilder.AddProjectionWriter"/>.</summary>
    public DaybookBuilder AddProjectionWriter<TProjection>(Func<IProjectionSink, TProjection, IProjectionWriter> open)
        where TProjection : class
    {
        _projections.AddWriter(open);
        return this;
    }

    /// <summary>Sets how projections and reactions are run.</summary>
    /// <param name="with">Gets the options so far and returns what they shall be: <c>o => o with { BatchRecords = 1024 }</c>.</param>
    public DaybookBuilder ConfigureProjections(Func<ProjectionOptions, ProjectionOptions> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        _projectionOptions = with(_projectionOptions);
        return this;
    }

    /// <summary>
    /// Adds a reaction: side effects that follow from events, at least once and in order. It runs on every partition that is owned here, and is shown, waited
    /// for, retried and skipped as a projection is. The container where there is one supplies what its constructor needs.
    /// </summary>
    /// <exception cref="DaybookException">When the book is opened, <see cref="ErrorCode.InvalidArgument"/>: the class has no valid
    /// <see cref="ReactionAttribute"/> or cannot be made, or the sink of read models keeps no progress of reactions.</exception>
    public DaybookBuilder AddReaction<TReaction>()
        where TReaction : class, IReaction
    {
        _projections.AddReaction<TReaction>();
        return this;
    }

    /// <summary>Chooses where ledgers are kept. The store is disposed with the book if it can be.</summary>
    public DaybookBuilder UseLedgers(Func<CancellationToken, ValueTask<ILedgerStore>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _ledgers = open;
        return this;
    }

    /// <summary>Chooses the coordinator. It is disposed with the book if it can be.</summary>
    public DaybookBuilder UseCoordinator(Func<CancellationToken, ValueTask<ICoordinator>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _coordinator = open;
        return this;
    }

    /// <summary>Chooses where read models are kept.</summary>
    public DaybookBuilder UseProjectionSink(Func<CancellationToken, ValueTask<IProjectionSink>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _sink = open;
        return this;
    }

    void IStorageBuilder.ChooseLedgers(Func<CancellationToken, ValueTask<ILedgerStore>> open) => UseLedgers(open);

    void IStorageBuilder.ChooseCoordinator(Func<CancellationToken, ValueTask<ICoordinator>> open) => UseCoordinator(open);

    void IStorageBuilder.ChooseProjectionSink(Func<CancellationToken, ValueTask<IProjectionSink>> open) => UseProjectionSink(open);

    void IStorageBuilder.AddProjectionWriter<TProjection>(Func<IProjectionSink, TProjection, IProjectionWriter> open) => AddProjectionWriter(open);

    /// <summary>Keeps everything in memory; for tests.</summary>
    public DaybookBuilder UseMemory() =>
        UseLedgers(_ => new(new MemoryLedgerStore())).UseCoordinator(_ => new(new MemoryCoordinator()));

    /// <summary>
    /// Opens the book for a program that works with it: checks everything, takes all partitions over, starts the projections. A store that
    /// cannot be opened, such as a folder in use, is an error. A book that another process owns is waited for, for
    /// <see cref="DaybookOptions.OwnershipTimeout"/>.
    /// </summary>
    /// <param name="services">Makes projections that need something; may be null.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="logging">Where to log; nowhere by default.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="DaybookException">An option or registration is wrong, a folder is in use, damaged or newer, a server is down
    /// (<see cref="ErrorCode.Unavailable"/>), another process owns the book (<see cref="ErrorCode.NotOwner"/>); the message names it.</exception>
    public async ValueTask<Book> OpenAsync(
        IServiceProvider? services = null, TimeProvider? time = null, ILoggerFactory? logging = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var book = Start(services, time, logging);
        try
        {
            await book.Beginning.OwnedWithinAsync(_options.OwnershipTimeout, time ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return book;
        }
        catch
        {
            await book.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Starts the book for a program that runs on: returns immediately, opens everything in the background and tries again for as long as a
    /// server is down, a folder is in use or another process owns the book. <see cref="Book.ReadyAsync"/> waits for the end of that. Until then
    /// commands are refused as <see cref="ErrorCode.NotOwner"/>, and read models are served as soon as their store is open.
    /// </summary>
    /// <param name="services">Makes projections that need something; may be null.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="logging">Where to log; nowhere by default.</param>
    /// <exception cref="DaybookException">An option or registration is wrong; the message names it.</exception>
    public Book Start(IServiceProvider? services = null, TimeProvider? time = null, ILoggerFactory? logging = null)
    {
        _options.Validate();
        _projectionOptions.Validate();
        _projections.Check();
        var plan = new BookPlan
        {
            Ledgers = Chosen(_ledgers, "ledgers"),
            Coordinator = Chosen(_coordinator, "coordinator"),
            Sink = _sink ?? (_ => new(new MemoryProjections())),
            Projections = sink => [.. _projections.Open(sink, services)],
            ProjectionOptions = _projectionOptions,
            Documents = DocumentTypes,
            Model = _model.Build(),
            Options = _options,
        };
        return BookFactory.Start(plan, time ?? TimeProvider.System, logging ?? NullLoggerFactory.Instance);
    }

    /// <summary>The options as they are now.</summary>
    internal DaybookOptions Options => _options;

    private static T Chosen<T>(T? chosen, string what)
        where T : class =>
        chosen ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"No {what} were chosen for the book; call UseEmbedded(folder), UseBookKeeper(zooKeeper), or UseMemory() in a test.");
}

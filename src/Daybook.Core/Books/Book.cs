using System.Diagnostics;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Truncation;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Serialization;
using Daybook.Projections;

namespace Daybook;

/// <summary>
/// A book in this process, which owns all its partitions, or none and stands by while another process does. Open it, use it as an
/// <see cref="IDaybook"/>, dispose it.
/// </summary>
public sealed class Book : IDaybook, IBookStatus, IAsyncDisposable
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1);

    private readonly BookModel _model;
    private readonly PartitionRouter _router;
    private readonly AdmissionLimit _admission;
    private readonly int _maxStreams;
    private readonly CommandPositions _positions;
    private readonly JournalTruncation _truncation;
    private readonly BookProjections _projections;
    private readonly OwnedParts _parts;
    private readonly DaybookOptions _options;

    internal Book(BookModel model, PartitionRouter router, JournalTruncation truncation, BookProjections projections, OwnedParts parts, DaybookOptions options)
    {
        _truncation = truncation;
        (_projections, _parts, _options) = (projections, parts, options);
        _model = model;
        _router = router;
        _admission = new AdmissionLimit(options.MaxRequestsInFlight);
        _maxStreams = options.MaxStreamsPerTransaction;
        _positions = new CommandPositions(router, _admission);
        Streams = new BookStreams(model, router, _admission, options.MaxRecordBytes);
    }

    /// <inheritdoc/>
    public IEventStore Streams { get; }

    /// <summary>What was registered.</summary>
    internal BookModel Model => _model;

    /// <summary>The projections: their progress, and what is to be done with parked ones.</summary>
    public IProjections Projections => _projections;

    /// <inheritdoc/>
    public IReadOnlyList<PartitionStatus> Partitions => _router.Status();

    /// <inheritdoc/>
    public string? ReadModelsError => _projections.Error;

    /// <summary>How far its start is.</summary>
    internal BookStart Beginning { get; private set; } = null!;

    /// <inheritdoc/>
    public ValueTask ReadyAsync(CancellationToken cancellationToken = default) => new(Beginning.ReadyAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<Outcome> SendAsync<TCommand>(
        TCommand command, CommandId id, CommandOptions? options = null, CancellationToken cancellationToken = default)
        where TCommand : notnull
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<Outcome>(cancellationToken);
        ArgumentNullException.ThrowIfNull(command);
        try
        {
            var given = RequestCheck.Command(id, options);
            var work = new CommandWork<TCommand>(_model.Command<TCommand>(), command, id, given, Activity.Current?.Id);
            RequestCheck.Targets(work, _maxStreams);
            work.Enter(_admission);
            _router.Post(_router.Map.Of(work.First.Stream), work);
            return work.Task;
        }
        catch (DaybookException e)
        {
            return ValueTask.FromException<Outcome>(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Outcome?> OutcomeOfAsync(CommandId id, CancellationToken cancellationToken = default) =>
        _router.Closing.EndsAsync(_router.OutcomeOfAsync, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Position>> PositionsOfAsync(Outcome.Accepted accepted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return _router.Closing.EndsAsync(_positions.OfAsync, accepted, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Aggregate<TState>> ReadAsync<TState>(
        object key, StreamVersion? at = null, CancellationToken cancellationToken = default)
        where TState : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var model = _model.Aggregate(typeof(TState));
        var stream = model.StreamOf(KeyText.Of(key));
        var work = new ReadWork(stream, at is null ? model : null);
        var owner = _router.OwnerOf(_router.Map.Of(stream));
        work.Enter(_admission);
        owner.Post(work);
        var view = await work.AnswerAsync(cancellationToken).ConfigureAwait(false);
        if (at is not { } version || version.Value == view.Version && view.State is not null)
            return await OpenAsync<TState>(owner, stream, view.Version, view.State, cancellationToken).ConfigureAwait(false);
        if (version.Value < 0 || version.Value > view.Version)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Stream '{stream}' is at version {view.Version}; version {version} cannot be read.");
        var state = await _router.Closing.EndsAsync<long, object?>(
            (to, token) => new(owner.FoldAsync(stream.Value, view, model, to, token)), version.Value, cancellationToken).ConfigureAwait(false);
        return await OpenAsync<TState>(owner, stream, version.Value, state, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<JournalOffset> TruncateAsync(PartitionId partition, JournalOffset before, CancellationToken cancellationToken = default) =>
        _truncation.RunAsync(partition, before, cancellationToken);

    /// <summary>The documents of a projection.</summary>
    /// <exception cref="DaybookException">No projection of that document was added (<see cref="ErrorCode.UnknownType"/>), or the store of the read
    /// models is not open yet (<see cref="ErrorCode.Unavailable"/>).</exception>
    public IReadModel<TDocument> ReadModel<TDocument>()
        where TDocument : class => _projections.ReadModel<TDocument>();

    /// <summary>
    /// Stops all partitions, then the projections; requests under way are answered or refused. A handler, projection or reaction that does
    /// not return within a few seconds is left behind with its thread.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _admission.DrainAsync(s_drain).ConfigureAwait(false);
        _router.Closing.Begin();
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What a read returns. A state that is kept in its stored form is read by the serializer, which is user code.</summary>
    private async ValueTask<Aggregate<TState>> OpenAsync<TState>(
        PartitionOwner owner, StreamId stream, long version, object? kept, CancellationToken cancellationToken)
        where TState : class
    {
        var state = kept is null or TState
            ? kept
            : await _router.Closing.EndsAsync<StateForm, object?>(
                (form, _) => new(owner.OpenAsync(stream.Value, form, kept)), _model.Aggregate(typeof(TState)).Form, cancellationToken).ConfigureAwait(false);
        return new Aggregate<TState>(stream, new StreamVersion(version), (TState?)state);
    }

    internal void Start(BookStart start)
    {
        Beginning = start;
        start.Begin(this, _options.Partitions);
    }
}

using System.Diagnostics.CodeAnalysis;
using Daybook.Coordination;
using Daybook.Core.RecoveryPoints;
using Daybook.Core.Journals;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Serialization;
using Daybook.Core.Streams;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>
/// One ownership of a partition: drives a <see cref="PartitionMachine"/> from a mailbox, one turn at a time on the thread pool, and carries
/// out its effects in the order in which it notes them. Ends with the first failure; a new ownership follows (<see cref="PartitionHost"/>).
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and late loads may still look at it.")]
internal sealed class PartitionOwner : IThreadPoolWorkItem, IPartitionEffects
{
    private readonly Mailbox _mailbox = new();
    private readonly Queue<Batch> _accepted = [];
    private readonly List<TransactionMessage> _outgoing = [];
    private readonly PartitionServices _services;
    private readonly ILease _lease;
    private readonly Action<TransactionMessage> _send;
    private readonly Action<DaybookException> _failed;
    private readonly PartitionMachine _machine;
    private readonly HandlerWatch _watch;
    private readonly RecoveryPointWriter _recoveryPoints;
    private readonly LedgerRoll _roll;
    private readonly AppendProgress _progress;
    private readonly CancellationTokenSource _ended = new();
    private WorkItem? _mail; // taken out of the mailbox for this turn, and not yet by the machine
    private DaybookException? _refusal;
    private DaybookException? _failure;
    private int _scheduled;
    private long _turn;
    private volatile bool _takenAway;

    public PartitionOwner(
        PartitionId id, ILease lease, Journal journal, PartitionState state, PartitionServices services,
        Action<TransactionMessage> send, Action<DaybookException> failed, Action<DaybookException> warn)
    {
        var next = journal.RecoveredNext;
        _lease = lease;
        (_services, _send, _failed) = (services, send, failed);
        (Id, Journal) = (id, journal);
        Streams = new EventStreamReader(id, journal, services.Model.Codec);
        Feed = new PartitionFeed(id, journal, next);
        var context = new PartitionContext(id, services.Map, journal.Epoch, journal.Ledger, next, journal.OrdersAcrossLedgers);
        _machine = new PartitionMachine(context, state, services.Model, services.Limits, this);
        _watch = new HandlerWatch(services.Time);
        _recoveryPoints = new RecoveryPointWriter(journal, services.Limits.RecoveryPointEvery, Post, warn, Stop);
        _progress = new AppendProgress(services.Time);
        _roll = new LedgerRoll(this, _machine, services.Limits.LedgerBytes);
        _mailbox.Post(new Begin());
    }

    public PartitionId Id { get; }

    public Journal Journal { get; }

    public EventStreamReader Streams { get; }

    public PartitionFeed Feed { get; }

    /// <summary>How long the oldest append has been waiting for the ledger, or the present turn for its end; zero when neither is.</summary>
    public TimeSpan StalledFor => Volatile.Read(ref _turn) is var turn and not 0 && _services.Time.GetElapsedTime(turn) is var running && running > _progress.Waiting
        ? running
        : _progress.Waiting;

    /// <summary>Lets the first turn begin, which takes up what was under way. Nothing that was posted before comes before that.</summary>
    public void Start() => Schedule();

    public void Post(WorkItem work)
    {
        _mailbox.Post(work);
        if (_takenAway)
            RefuseMail();
        else
            Schedule();
    }

    /// <summary>Stops: everything pending is answered with <paramref name="why"/> or as in doubt.</summary>
    public void Stop(DaybookException why) => Post(new Failure(this, why));

    /// <summary>The state of a stream after a number of events, in the form in which states are kept.</summary>
    /// <exception cref="DaybookException">An event cannot be read or folded, or the code for that does not return; the message names
    /// it.</exception>
    public Task<object?> FoldAsync(string stream, StreamView view, AggregateModel model, long version, CancellationToken cancellationToken) =>
        FoldWatch.RunAsync(_services.Time, _services.Limits.HandlerTimeout, watch => Streams.FoldAsync(stream, view, model, version, cancellationToken, watch));

    /// <summary>A state to be used, of one that is kept in its stored form.</summary>
    /// <exception cref="DaybookException">The serializer throws or does not return; the message names the stream.</exception>
    public Task<object?> OpenAsync(string stream, StateForm form, object kept) =>
        FoldWatch.RunAsync(_services.Time, _services.Limits.HandlerTimeout, watch => new(EventStreamReader.Open(stream, form, kept, watch)));

    /// <summary>Ends the ownership if its thread is stuck in a handler: that command failed, the others are answered as for any failure.</summary>
    public void EndIfStuck()
    {
        if (!_watch.TakeIfStuck(_services.Limits.HandlerTimeout, out var stuck))
            return;
        stuck?.Fail(new DaybookException(ErrorCode.HandlerFailed,
            $"The handler of command {stuck.Id}, or the serializer of its events, did not return within " +
            $"{_services.Limits.HandlerTimeout.TotalSeconds} s (option HandlerTimeout)."));
        EndElsewhere(PartitionErrors.HandlerStuck());
    }

    /// <summary>Ends the ownership if its thread is in a handler, for a book that has been waiting for it to close.</summary>
    public void EndIfBusy()
    {
        if (!_watch.TakeIfStuck(TimeSpan.Zero, out var busy))
            return;
        busy?.Fail(BookClosing.Error($"The book was closed while the handler of command {busy.Id} was running; nothing was written."));
        EndElsewhere(BookClosing.Error());
    }

    public void Execute()
    {
        try
        {
            Volatile.Write(ref _turn, _services.Time.GetTimestamp());
            Turn();
        }
        catch (OwnershipLostException)
        {
            // Somebody else has answered for this machine; nothing of it may be touched here any more.
            return;
        }
        catch (Exception e)
        {
            Fail(e as DaybookException ?? new DaybookException(ErrorCode.StoreFailed, $"Partition {Id} stopped on an internal error: {ExceptionText.Of(e)}", e));
            RefuseMail();
        }
        Volatile.Write(ref _turn, 0);
        Interlocked.Exchange(ref _scheduled, 0); // a full fence: a post after the look at the mailbox sees it
        if (!_mailbox.IsEmpty)
            Schedule();
    }

    bool IPartitionEffects.IsSurelyOwner => _lease.IsValid;

    void IPartitionEffects.Append(Batch batch)
    {
        if (_refusal is not null)
            return;
        var task = Journal.AppendAsync(batch.Entry.Bytes);
        if (task.IsFaulted)
        {
            // The machine is in the middle of something; it is abandoned once it has finished that, and nothing leaves it meanwhile.
            _refusal = AsDaybook(task.Exception!.InnerException);
            return;
        }
        _accepted.Enqueue(batch);
        _progress.Submitted();
        if (task.IsCompleted)
            OnAppended(task);
        else
            task.GetAwaiter().UnsafeOnCompleted(() => OnAppended(task));
    }

    void IPartitionEffects.Send(TransactionMessage message) => _outgoing.Add(message);

    void IPartitionEffects.Load(StreamHead head, AggregateModel model)
    {
        var view = new StreamView(head.Version, head.Last, head.Snapshot, head.SnapshotVersion, null);
        _ = LoadAsync(head, view, model);
    }

    void IPartitionEffects.Answer(List<KeyValuePair<WriteWork, Outcome>> answers) => new AnswerRun(answers).Start();

    void IPartitionEffects.AnswerFromRecord(WriteWork work, Location record) => _ = AnswerAsync(work, record);

    void IPartitionEffects.EnterHandler(WriteWork? work) => _watch.Enter(work);

    void IPartitionEffects.LeaveHandler() => _watch.Leave();

    void IPartitionEffects.Advanced(JournalOffset head)
    {
        _progress.Durable();
        Feed.Advance(head);
    }

    private void Turn()
    {
        _machine.BeginTurn(_services.Time.GetUtcNow().UtcTicks);
        _mail = _mailbox.TakeAll();
        while (WorkItem.Next(ref _mail) is { } work)
        {
            _mail?.Foresee(_machine);
            if (_failure is { } failure)
                work.Refuse(PartitionErrors.NothingWritten(Id, failure));
            else if (!_roll.Holds(work))
                _machine.Take(work);
            if (_refusal is not null)
                Fail(_refusal);
        }
        if (_failure is null)
            EndTurn();
    }

    private void EndTurn()
    {
        _machine.EndTurn(force: _roll.IsUnderWay);
        if (_refusal is not null)
        {
            Fail(_refusal);
            return;
        }
        while (_accepted.TryDequeue(out var batch))
            _machine.Accepted(batch);
        SendAll();
        _roll.Continue();
        _recoveryPoints.StartIfDue(_machine.Batches.Open.Entry.Next);
    }

    /// <summary>At the end of the turn, together: each receiver then has many to deal with in one turn and one entry.</summary>
    private void SendAll()
    {
        foreach (var message in _outgoing)
            _send(message);
        _outgoing.Clear();
    }

    private void Schedule()
    {
        if (TrySchedule())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Call after posting, which is a full fence.</summary>
    private bool TrySchedule() => Volatile.Read(ref _scheduled) == 0 && Interlocked.Exchange(ref _scheduled, 1) == 0;

    /// <summary>Ends the ownership on another thread than that of its turns, which is in user code and has lost the machine.</summary>
    private void EndElsewhere(DaybookException why)
    {
        Fail(why);
        _takenAway = true;
        RefuseMail();
    }

    private void RefuseMail()
    {
        var why = PartitionErrors.NothingWritten(Id, _failure!);
        for (var mail = Interlocked.Exchange(ref _mail, null) ?? _mailbox.TakeAll(); mail is not null; mail = _mailbox.TakeAll())
        {
            while (WorkItem.Next(ref mail) is { } work)
                work.Refuse(why);
        }
    }

    private void OnAppended(Task<EntryId> task)
    {
        if (task.IsCompletedSuccessfully)
            Post(new EntryDurable());
        else
            Stop(AsDaybook(task.Exception?.InnerException));
    }

    private void Fail(Exception error)
    {
        if (_failure is not null)
            return;
        _failure = AsDaybook(error);
        _machine.Abandon(_failure);
        _roll.Refuse(PartitionErrors.NothingWritten(Id, _failure));
        Feed.Stop(_failure);
        _ended.Cancel();
        _failed(_failure);
    }

    private DaybookException AsDaybook(Exception? error) => error as DaybookException
        ?? new DaybookException(ErrorCode.StoreFailed, $"An append to the journal of partition {Id} failed: {error?.Message}", error);

    private async Task LoadAsync(StreamHead head, StreamView view, AggregateModel model)
    {
        object? state = null;
        DaybookException? failure = null;
        try
        {
            state = await FoldAsync(head.Name, view, model, view.Version, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e as DaybookException
                ?? new DaybookException(ErrorCode.StoreFailed, $"The stream '{head.Name}' cannot be read: {ExceptionText.Of(e)}", e);
        }
        Post(new StateLoaded(head, state, failure));
    }

    private async Task AnswerAsync(WriteWork work, Location record)
    {
        try
        {
            var reading = new RecordReader(Journal).ReadCommandAsync(Id, record, _ended.Token);
            var (outcome, fingerprint) = await reading.AsTask().WaitAsync(_ended.Token).ConfigureAwait(false);
            if (CommandFingerprint.Differ(fingerprint, work.Fingerprint))
                work.Fail(PartitionErrors.Reused(work, _services.Model.NameOf(fingerprint)));
            else
                work.Answer(outcome);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            work.Answer(new Outcome.InDoubt(work.Id, $"Partition {Id} lost its owner while the command's record was read."));
        }
        catch (Exception e)
        {
            work.Fail(e as DaybookException
                ?? new DaybookException(ErrorCode.StoreFailed, $"The record of command {work.Id} cannot be read: {ExceptionText.Of(e)}", e));
        }
    }

    private sealed class Begin : OwnerNews
    {
        public override void Run(PartitionMachine machine) => machine.Transactions.Start();
    }

    internal sealed class Failure(PartitionOwner owner, DaybookException why) : OwnerNews
    {
        public override void Run(PartitionMachine machine) => owner.Fail(why);
    }
}

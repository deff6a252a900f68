using Daybook.Core.Journals;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Streams;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>
/// One ownership of a partition: drives a <see cref="PartitionMachine"/> from a mailbox, one turn at a time on the thread pool, and carries
/// out its effects in the order in which it notes them. Ends with the first failure; a new ownership follows (<see cref="PartitionHost"/>).
/// </summary>
internal sealed class PartitionOwner : IThreadPoolWorkItem, IPartitionEffects
{
    private readonly Mailbox _mailbox = new();
    private readonly Queue<Batch> _accepted = [];
    private readonly PartitionServices _services;
    private readonly Action<TransactionMessage> _send;
    private readonly Action<DaybookException> _failed;
    private readonly PartitionMachine _machine;
    private DaybookException? _failure;
    private int _scheduled;

    public PartitionOwner(
        PartitionId id, Journal journal, PartitionState state, JournalOffset next, PartitionServices services,
        Action<TransactionMessage> send, Action<DaybookException> failed)
    {
        (_services, _send, _failed) = (services, send, failed);
        (Id, Journal) = (id, journal);
        Streams = new EventStreamReader(id, journal, services.Model.Codec);
        Feed = new PartitionFeed(id, journal, next);
        var context = new PartitionContext(id, services.Map, journal.Epoch, journal.Ledger, next, journal.OrdersAcrossLedgers);
        _machine = new PartitionMachine(context, state, services.Model, services.Limits, this);
    }

    public PartitionId Id { get; }

    public Journal Journal { get; }

    public EventStreamReader Streams { get; }

    public PartitionFeed Feed { get; }

    /// <summary>The first turn: take up what was under way.</summary>
    public void Start() => Post(new Begin());

    public void Post(WorkItem work)
    {
        _mailbox.Post(work);
        Schedule();
    }

    /// <summary>Stops: everything pending is answered with <paramref name="why"/> or as in doubt.</summary>
    public void Stop(DaybookException why) => Post(new Failure(this, why));

    public void Execute()
    {
        try
        {
            Turn();
        }
        catch (Exception e) when (_failure is null)
        {
            Fail(e as DaybookException ?? new DaybookException(ErrorCode.StoreFailed, $"Partition {Id} stopped on an internal error: {e.Message}", e));
        }
        Volatile.Write(ref _scheduled, 0);
        if (!_mailbox.IsEmpty)
            Schedule();
    }

    void IPartitionEffects.Append(Batch batch)
    {
        if (_failure is not null)
            return;
        var task = Journal.AppendAsync(batch.Entry.Bytes);
        if (task.IsFaulted)
        {
            Fail(task.Exception!.InnerException!);
            return;
        }
        _accepted.Enqueue(batch);
        if (task.IsCompleted)
            OnAppended(task);
        else
            task.GetAwaiter().UnsafeOnCompleted(() => OnAppended(task));
    }

    void IPartitionEffects.Send(TransactionMessage message)
    {
        if (_failure is null)
            _send(message);
    }

    void IPartitionEffects.Load(StreamHead head, AggregateModel model)
    {
        var view = new StreamView(head.Version, head.Last, head.Snapshot, head.SnapshotVersion, null);
        _ = LoadAsync(head, view, model);
    }

    void IPartitionEffects.AnswerFromRecord(WriteWork work, Location record) => _ = AnswerAsync(work, record);

    void IPartitionEffects.Advanced(JournalOffset head) => Feed.Advance(head);

    private void Turn()
    {
        _machine.BeginTurn(_services.Time.GetUtcNow().UtcTicks);
        for (var work = _mailbox.TakeAll(); work is not null;)
        {
            var next = work.NextInMailbox;
            work.NextInMailbox = null;
            if (_failure is { } failure)
                work.Refuse(failure);
            else
                _machine.Take(work);
            work = next;
        }
        if (_failure is not null)
            return;
        _machine.EndTurn();
        while (_failure is null && _accepted.TryDequeue(out var batch))
            _machine.Accepted(batch);
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
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
        Feed.Stop(_failure);
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
            state = await Streams.FoldAsync(head.Name, view, model, view.Version, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e as DaybookException
                ?? new DaybookException(ErrorCode.StoreFailed, $"The stream '{head.Name}' cannot be read: {e.Message}", e);
        }
        Post(new StateLoaded(head, state, failure));
    }

    private async Task AnswerAsync(WriteWork work, Location record)
    {
        try
        {
            work.Answer(await new RecordReader(Journal).ReadOutcomeAsync(Id, record, CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            work.Fail(e);
        }
    }

    private sealed class Begin : OwnerNews
    {
        public override void Run(PartitionMachine machine) => machine.Transactions.Start();
    }

    private sealed class Failure(PartitionOwner owner, DaybookException why) : OwnerNews
    {
        public override void Run(PartitionMachine machine) => owner.Fail(why);
    }
}

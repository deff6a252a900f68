using Daybook.Coordination;
using Daybook.Core.Journals;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;
using Microsoft.Extensions.Logging;

namespace Daybook.Core.Partitions;

/// <summary>
/// Keeps a partition owned: acquires its lease, takes its journal over, replays, runs the owner, and does it again when that one fails
/// (invariant J3). While nobody owns it, work is refused as transient.
/// </summary>
/// <param name="id">The partition.</param>
/// <param name="services">What the partitions share.</param>
/// <param name="send">Carries messages to other partitions.</param>
/// <param name="up">Receives every new owner.</param>
/// <param name="down">Receives the epoch of an owner that has failed, once there is none.</param>
internal sealed partial class PartitionHost(
    PartitionId id, PartitionServices services, Action<TransactionMessage> send, Action<PartitionOwner> up,
    Action<PartitionId, Epoch> down)
    : IAsyncDisposable
{
    /// <summary>How long a book that is being closed waits for handlers that run.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = services.Logging.CreateLogger<PartitionHost>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstOwner = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PartitionOwner? _owner;
    private volatile DaybookException? _lasting;
    private Task _running = Task.CompletedTask;

    public PartitionId Id => id;

    /// <summary>The present owner; null between ownerships.</summary>
    public PartitionOwner? Owner => _owner;

    /// <summary>Why there is no owner; null while there is one or none was tried yet.</summary>
    public DaybookException? LastFailure { get; private set; }

    /// <summary>Completes with the first ownership.</summary>
    public Task FirstOwned => _firstOwner.Task;

    public void Start() => _running = RunAsync(_stopping.Token);

    public void Post(WorkItem work)
    {
        if (_owner is { } owner)
            owner.Post(work);
        else
            work.Refuse(NoOwner());
    }

    public DaybookException NoOwner() => _stopping.IsCancellationRequested ? BookClosing.Error()
        : services.Ownership.Why is null && _lasting is { } why ? PartitionErrors.Stopped(id, why)
        : PartitionErrors.NoOwner(id, Why);

    public PartitionStatus StatusWithoutOwner() => new(id, null, null, TimeSpan.Zero, Why?.Message ?? "It is being taken over.") { OwnedBy = services.Ownership.Owner };

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private DaybookException? Why => services.Ownership.Why ?? LastFailure;

    private async Task RunAsync(CancellationToken stopping)
    {
        ILease? lease = null;
        await Task.Yield(); // the caller waits for nothing outside of the process
        for (var retries = 0; !stopping.IsCancellationRequested;)
        {
            try
            {
                var book = await services.Ownership.AcquireAsync(stopping).ConfigureAwait(false);
                lease = await StillHeldAsync(lease, book).ConfigureAwait(false);
                lease ??= await BookOwnership.LeaseOfAsync(id, book, stopping).ConfigureAwait(false);
                await OwnAsync(book, lease, stopping).ConfigureAwait(false);
                retries = 0;
            }
            catch (Exception e)
            {
                if (stopping.IsCancellationRequested)
                    break;
                Failed(e as DaybookException
                    ?? new DaybookException(ErrorCode.StoreFailed, $"Partition {id} could not be taken over: {e.Message}", e));
                retries++;
            }
            if (!services.Ownership.IsHeld)
                lease = await ReleaseAsync(lease).ConfigureAwait(false);
            var pause = TimeSpan.FromMilliseconds(Math.Min(10 * Math.Pow(2, retries), 2000));
            await Task.Delay(pause, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _firstOwner.TrySetCanceled(CancellationToken.None);
        await ReleaseAsync(lease).ConfigureAwait(false);
    }

    /// <summary>A lease that is lost is of no more use, and its epoch of none; nor is one of the time before the book was lost.</summary>
    private static async ValueTask<ILease?> StillHeldAsync(ILease? lease, OwnedBook book) =>
        lease is null or { Lost.IsCancellationRequested: true } || book.Lease.Lost.IsCancellationRequested
            ? await ReleaseAsync(lease).ConfigureAwait(false)
            : lease;

    private static async ValueTask<ILease?> ReleaseAsync(ILease? lease)
    {
        if (lease is not null)
            await lease.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Until the first ownership the failure is reported to the opener of the book; each kind of it is logged once.</summary>
    private void Failed(DaybookException why)
    {
        var isNews = LastFailure?.Code != why.Code;
        LastFailure = why;
        _lasting = PartitionErrors.IsLasting(why) ? why : null;
        if (!_firstOwner.Task.IsCompleted)
            services.Readiness.Note(why);
        if (isNews && (why.IsTransient || _firstOwner.Task.IsCompleted))
            LogTakeoverFailed(id, why);
    }

    /// <summary>One ownership, from takeover to failure or stop.</summary>
    private async Task OwnAsync(OwnedBook book, ILease lease, CancellationToken stopping)
    {
        var identity = new JournalIdentity(book.Storage.Book, services.Map.Count, id);
        var takeover = new JournalTakeover(book.Storage.Ledgers, book.Storage.Coordinator, identity);
        var journal = await takeover.RunAsync(lease.Epoch, stopping).ConfigureAwait(false);
        await using var journalEnd = journal.ConfigureAwait(false);
        await journal.CollectAsync(book.Storage.Unnamed, stopping).ConfigureAwait(false);
        var recovery = new PartitionRecovery(services.CommandWindow, e => LogRecoveryPointFailed(id, e));
        var state = await recovery.RunAsync(journal, stopping).ConfigureAwait(false);
        var ended = new TaskCompletionSource<DaybookException>(TaskCreationOptions.RunContinuationsAsynchronously);
        var owner = new PartitionOwner(id, lease, journal, state, services, send, e => ended.TrySetResult(e), e => LogRecoveryPointFailed(id, e));
        LastFailure = null;
        _lasting = null;
        _owner = owner;
        owner.Start(); // only now: what it asks may be answered before this line returns, and the answer needs an owner to go to
        LogOwned(id, journal.Epoch, journal.RecoveredNext);
        up(owner);
        _firstOwner.TrySetResult();
        using var closing = services.Time.CreateTimer(_ => owner.EndIfBusy(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var stop = stopping.Register(() =>
        {
            owner.Stop(new DaybookException(ErrorCode.Closed, "The book is being closed."));
            closing.Change(s_grace, s_grace / 10);
        });
        using var lost = lease.Lost.Register(() => owner.Stop(PartitionErrors.LeaseLost()));
        using var lostBook = book.Lease.Lost.Register(() => owner.Stop(PartitionErrors.LeaseLost()));
        using var watching = services.Time.CreateTimer(
            _ => owner.EndIfStuck(), null, services.Limits.HandlerTimeout / 4, services.Limits.HandlerTimeout / 4);
        var failure = await ended.Task.ConfigureAwait(false);
        _owner = null;
        if (stopping.IsCancellationRequested)
            return;
        LastFailure = failure;
        down(id, journal.Epoch);
        LogSteppedDown(id, journal.Epoch, failure);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} is owned here in epoch {Epoch}; next offset {Next}")]
    private partial void LogOwned(PartitionId partition, Epoch epoch, JournalOffset next);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} stepped down from epoch {Epoch}")]
    private partial void LogSteppedDown(PartitionId partition, Epoch epoch, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A recovery point of partition {Partition} could not be taken or read")]
    private partial void LogRecoveryPointFailed(PartitionId partition, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} could not be taken over")]
    private partial void LogTakeoverFailed(PartitionId partition, Exception failure);
}

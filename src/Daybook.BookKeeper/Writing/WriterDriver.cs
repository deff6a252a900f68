using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;
using Daybook.Ledgers;

namespace Daybook.BookKeeper.Writing;

/// <summary>
/// Runs a <see cref="WriterMachine"/>: one lock around it; adds are sent and appends made ready under the lock, in order; everything that is rare is done
/// by <see cref="WriterErrands"/> after the lock is released.
/// </summary>
internal sealed class WriterDriver : IAddAnswers, IWriterEffects, IDisposable
{
    private readonly Lock _lock = new();
    private readonly IBookies _bookies;
    private readonly WriterMachine _machine;
    private readonly AppendQueue _appends;
    private readonly WriterErrands _errands;
    private readonly WriterTimers _timers;
    private readonly WriterWatch _watch;
    private readonly int _maxPayload;
    private TaskCompletionSource? _closing;
    private long _confirmed = EntryId.None.Value;
    private long _length;

    public WriterDriver(ClientServices services, VersionedMetadata created, LedgerCredentials credentials)
    {
        var options = services.Options;
        (Ledger, _bookies, _maxPayload) = (created.Value.Ledger, services.Bookies, Frames.MaxPayload(options.MaxFrameBytes));
        _appends = new AppendQueue(Ledger, _lock);
        _errands = new WriterErrands(services, created.Value, credentials, this);
        _timers = new WriterTimers(services, this);
        _watch = new WriterWatch(services, this);
        _machine = new WriterMachine(created, credentials, new WriterWindow(options.MaxPendingAdds, options.MaxPendingAddBytes), this);
    }

    public LedgerId Ledger { get; }

    public EntryId LastAddConfirmed => new(Volatile.Read(ref _confirmed));

    public long Length => Volatile.Read(ref _length);

    /// <summary>True while this writer may write metadata.</summary>
    public bool MayWriteMetadata
    {
        get
        {
            lock (_lock)
                return _machine.MayWriteMetadata;
        }
    }

    /// <summary>True while this writer is notified of metadata changes.</summary>
    public bool FollowsMetadata
    {
        get
        {
            lock (_lock)
                return _machine.FollowsMetadata;
        }
    }

    /// <summary>Done once it has the result of the last write of metadata.</summary>
    public Task LastWrite => _errands.LastWrite;

    /// <summary>From now on it is noticed when somebody else takes or deletes the ledger.</summary>
    public void Watch() => _ = _watch.RunAsync();

    public Task<EntryId> Append(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > _maxPayload)
            return Task.FromException<EntryId>(LedgerErrors.TooLarge(Ledger, payload.Length, _maxPayload));
        Task<EntryId> append;
        lock (_lock)
        {
            if (_machine.Refusal is { } refusal)
                return Task.FromException<EntryId>(WriterErrors.Refused(Ledger, refusal));
            append = _appends.Add();
            _machine.Append(payload);
        }
        _errands.Run();
        return append;
    }

    /// <summary>Closes the ledger once everything is acknowledged; a close that failed may be asked for again.</summary>
    public Task CloseAsync()
    {
        Task closing;
        lock (_lock)
        {
            var isNew = _closing is not { Task.IsCompleted: false };
            if (isNew)
                _closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            closing = _closing!.Task;
            if (isNew)
                _machine.Close();
        }
        _errands.Run();
        return closing;
    }

    /// <summary>Lets go of the ledger without closing it.</summary>
    public void Dispose()
    {
        lock (_lock)
            _machine.LetGo();
        _timers.Dispose();
        _watch.Dispose();
    }

    /// <summary>Feeds the machine.</summary>
    public void Post(Action<WriterMachine> input)
    {
        lock (_lock)
            input(_machine);
        _errands.Run();
    }

    void IAddAnswers.Added(BookieId bookie, int position, EntryId entry, BookieStatus status)
    {
        lock (_lock)
            _machine.Answered(bookie, position, entry, status);
        _errands.Run();
    }

    void IWriterEffects.Send(BookieId bookie, int tag, in AddRequest request) => _bookies.Add(bookie, request, this, tag);

    void IWriterEffects.Complete(EntryId entry)
    {
        Volatile.Write(ref _length, _machine.Length);
        Volatile.Write(ref _confirmed, entry.Value);
        _appends.Complete(entry);
        _timers.ExpectQuiet();
    }

    void IWriterEffects.Fail(BookKeeperException failure, EntryId firstUnsent) => _appends.Fail(LastAddConfirmed.Next, firstUnsent, failure);

    void IWriterEffects.Avoid(BookieId bookie)
    {
        _errands.Avoid(bookie);
        _timers.LookAgainLater();
    }

    void IWriterEffects.Choose(ImmutableArray<BookieId> ensemble, ImmutableArray<int> failed) => _errands.Choose(ensemble, failed);

    void IWriterEffects.Write(LedgerMetadata metadata, int expectedVersion) => _errands.Write(metadata, expectedVersion);

    void IWriterEffects.Read() => _errands.Read();

    void IWriterEffects.TellLac(EntryId lac, ImmutableArray<BookieId> bookies) => _errands.TellLac(lac, bookies);

    void IWriterEffects.Closed(BookKeeperException? failure)
    {
        if (failure is null)
            _closing?.TrySetResult();
        else
            _closing?.TrySetException(failure);
    }
}

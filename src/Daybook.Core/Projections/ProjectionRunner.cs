using Daybook.Reactions;

namespace Daybook.Projections;

/// <summary>
/// Drives one projection on one partition: carries out the steps of <see cref="RunnerMachine"/> in order, one at a time, and publishes
/// how it stands. Reads status and takes requests from any thread.
/// </summary>
internal sealed class ProjectionRunner
{
    private readonly IProjectionWriter _writer;
    private readonly ProjectionPace? _pace;
    private readonly IEventFeed _feed;
    private readonly ProjectionRunnerContext _context;
    private readonly RunnerMachine _machine;
    private readonly Random _random;
    private readonly CheckpointWaiters _waiters = new();
    private readonly ReadAhead _ahead = new();
    private readonly Lock _lock = new();
    private volatile bool _caughtUp;
    private TaskCompletionSource<bool>? _parked;
    private Task<bool> _resumed = Task.FromResult(false);
    private DecodedBatch _read = DecodedBatch.Nothing;
    private long _troubledSince;
    private JournalOffset _applied;
    private ProjectionStatus _status;

    internal ProjectionRunner(ProjectionBuild build, IEventFeed feed, ProjectionRunnerContext context, Random random)
    {
        if (build.Writer is ReactionWriter)
            context = context with { Options = context.Options.InBatchesOf(ReactionWriter.BatchRecords) };
        (_writer, _pace, _feed, _context, _random) = (build.Writer, build.Pace, feed, context, random);
        _machine = new RunnerMachine(_writer.Projection, feed.Partition, context.Options);
        _status = Snapshot();
        _troubledSince = context.Time.GetTimestamp();
    }

    private ProjectionPace? PaceNow => _caughtUp ? null : _pace;

    internal ProjectionStatus Status
    {
        get
        {
            var status = Volatile.Read(ref _status);
            var overdue = IsTroubled(status.State) && _context.Time.GetElapsedTime(Volatile.Read(ref _troubledSince)) > _context.Options.OverdueAfter;
            return status with { Head = _feed.Head, IsOverdue = overdue };
        }
    }

    /// <summary>True from just before the sink is notified that the end of the journal was reached.</summary>
    internal bool HasCaughtUp => _caughtUp;

    internal Task WaitForAsync(JournalOffset offset, CancellationToken cancellationToken) => _waiters.WaitAsync(offset, cancellationToken);

    /// <summary>Runs until a later owner takes over, the feed ends or the token is cancelled. Never throws.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield();
        var step = RunnerMachine.First;
        while (step.Act != RunnerAct.Stop)
        {
            RunnerInput input;
            try
            {
                input = await PerformAsync(step, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                input = new RunnerInput.Failed(error, _random.NextDouble());
            }
            step = _machine.On(input);
            Publish(step);
        }
        await _ahead.EndAsync().ConfigureAwait(false);
        End();
    }

    /// <summary>Sets a parked runner going.</summary>
    /// <param name="skip">The position of the event to leave out; null to try it again.</param>
    internal void Resume(JournalOffset? skip)
    {
        lock (_lock)
        {
            var status = Volatile.Read(ref _status);
            if (_parked is null)
                throw Refused(status, "is not parked");
            if (skip is not null && status.ParkedAt?.Position.Offset != skip)
                throw Refused(status, $"is not parked at an event at offset {skip}");
            _waiters.Pass(status.Checkpoint);
            Volatile.Write(ref _troubledSince, _context.Time.GetTimestamp());
            Volatile.Write(ref _status, status with { State = ProjectionState.Starting, Error = null, Code = null, ParkedAt = null });
            _parked.TrySetResult(skip is not null);
            _parked = null;
        }
    }

    private async ValueTask<RunnerInput> PerformAsync(RunnerStep step, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        switch (step.Act)
        {
            case RunnerAct.Start:
                _ahead.Drop();
                _applied = await StartAsync(stop).ConfigureAwait(false);
                var head = _feed.Head;
                if (_applied > head)
                    await _writer.DisownAsync(_feed.Partition, _feed.Epoch, head, stop).ConfigureAwait(false);
                return new RunnerInput.Started(_applied, head, await _writer.SkippedAsync(_feed.Partition, stop).ConfigureAwait(false));
            case RunnerAct.Read:
                return await ReadAsync(step.Offset, stop).ConfigureAwait(false);
            case RunnerAct.Apply:
                return await ApplyAsync(step.Offset, stop).ConfigureAwait(false);
            case RunnerAct.TellCaughtUp:
                _caughtUp = true;
                await _writer.CaughtUpAsync(_feed.Partition, _feed.Epoch, stop).ConfigureAwait(false);
                return new RunnerInput.CaughtUpTold();
            case RunnerAct.Pause:
                await Task.Delay(step.Pause, _context.Time, stop).ConfigureAwait(false);
                return new RunnerInput.Paused();
            default:
                return new RunnerInput.Resumed(await _resumed.WaitAsync(stop).ConfigureAwait(false));
        }
    }

    private ValueTask<JournalOffset> StartAsync(CancellationToken stop) => _writer is ReactionWriter reaction
        ? reaction.StartAsync(_feed.Partition, _feed.Epoch, _feed.TakenOverAt, stop)
        : _writer.StartAsync(_feed.Partition, _feed.Epoch, stop);

    private async ValueTask<RunnerInput> ReadAsync(JournalOffset from, CancellationToken stop)
    {
        var pace = PaceNow;
        var read = pace is not null && _feed.Head > from
            ? await pace.RunAsync(() => FetchAsync(from, _machine.Skips, stop), stop).ConfigureAwait(false)
            : await (_ahead.Take(from) ?? FetchAsync(from, _machine.Skips, stop)).ConfigureAwait(false);
        _read = read;
        // A batch after which a person wants an event skipped is decoded when its turn has come.
        if (pace is null && read.Poison is null && !_machine.SkipsAny && _feed.Head.Value - read.Next.Value >= _context.Options.BatchRecords)
            _ahead.Start(read.Next, FetchAsync(read.Next, static _ => false, stop));
        return new RunnerInput.BatchRead(read.Next, read.Head, read.Poison);
    }

    private async Task<DecodedBatch> FetchAsync(JournalOffset from, Func<RecordedEvent, bool> skips, CancellationToken stop)
    {
        await Task.Yield(); // a catch-up may find every batch ready; it must not keep a pool thread to itself
        var head = _feed.Head;
        var records = PaceNow is null ? _context.Options.RecordsOf(head.Value - from.Value) : _context.Options.BatchRecords;
        var batch = await _feed.ReadAsync(from, records, stop).ConfigureAwait(false);
        if (batch.First != from || batch.Next <= from)
            throw new InvalidOperationException($"The feed of partition {_feed.Partition} was asked for {from} on and returned {batch.First} to {batch.Next}.");
        return BatchDecoder.Decode(batch, head, _writer.Projection.Name, _context.Decoder, skips);
    }

    private async ValueTask<RunnerInput> ApplyAsync(JournalOffset limit, CancellationToken stop)
    {
        var batch = new ProjectionBatch(_feed.Partition, _feed.Epoch, _applied, limit, BatchDecoder.Before(_read.Events, limit));
        if (_read.Skipped.Count > 0)
            batch = batch with { Skipped = _read.Skipped.FindAll(e => e.Position.Offset < limit) };
        if (PaceNow is { } pace)
            _applied = await pace.RunAsync(() => ApplyAsync(batch, stop), stop).ConfigureAwait(false);
        else
            _applied = await ApplyAsync(batch, stop).ConfigureAwait(false);
        return new RunnerInput.Applied();
    }

    private async Task<JournalOffset> ApplyAsync(ProjectionBatch batch, CancellationToken stop)
    {
        await _writer.ApplyAsync(batch, stop).ConfigureAwait(false);
        return batch.Next;
    }

    private void Publish(RunnerStep step)
    {
        var before = _status.State;
        var status = Snapshot();
        lock (_lock)
        {
            if (IsTroubled(status.State) && !IsTroubled(before))
                Volatile.Write(ref _troubledSince, _context.Time.GetTimestamp());
            if (step.Act == RunnerAct.Park)
                _resumed = (_parked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            Volatile.Write(ref _status, status);
            if (step.Act is RunnerAct.Park or RunnerAct.Stop)
                _waiters.Halt(Halted(status));
            else
                _waiters.Pass(status.Checkpoint);
        }
        if (before != status.State || step.Act == RunnerAct.Pause)
            _context.Logger.StateChanged(
                status.Projection.Label, status.Partition, status.State, status.Checkpoint, status.Error, ExceptionText.Readable(_machine.Error));
    }

    private void End()
    {
        lock (_lock)
        {
            _parked = null;
            if (_machine.State != ProjectionState.Stopped)
                Volatile.Write(ref _status, _status with { State = ProjectionState.Stopped, Error = "the host was stopped", Code = ErrorCode.Closed });
            _waiters.Halt(Halted(_status));
        }
    }

    private ProjectionStatus Snapshot() => new()
    {
        Projection = _writer.Projection,
        Partition = _feed.Partition,
        Epoch = _feed.Epoch,
        State = _machine.State,
        Checkpoint = _machine.Checkpoint,
        Head = _feed.Head,
        Error = _machine.Error is { } error ? ExceptionText.Of(error) : null,
        Code = (_machine.Error as DaybookException)?.Code,
        ParkedAt = _machine.ParkedAt,
        FailedAttempts = _machine.FailedAttempts,
        Skipped = _machine.Skipped,
    };

    private static bool IsTroubled(ProjectionState state) => state is ProjectionState.Starting or ProjectionState.Retrying;

    private static DaybookException Halted(ProjectionStatus status)
    {
        var isParked = status.State == ProjectionState.Parked;
        var what = $"{status.Projection.Label} on partition {status.Partition} is {(isParked ? "parked" : "stopped")} at offset {status.Checkpoint}: {status.Error}";
        var code = isParked ? ErrorCode.PoisonEvent : status.Code == ErrorCode.OtherBook ? ErrorCode.OtherBook : ErrorCode.NotOwner;
        return new DaybookException(code, isParked ? $"{what.TrimEnd('.')}. {Cure(status)}" : what);
    }

    private static string Cure(ProjectionStatus status) =>
        $"Correct the cause, then call IProjections.Retry for '{status.Projection.Name}' and partition {status.Partition}" +
        (status.ParkedAt is { } parked ? $", or IProjections.Skip for position {parked.Position} to continue without that event." : ".");

    private static DaybookException Refused(ProjectionStatus status, string why) => new(ErrorCode.InvalidArgument,
        $"{status.Projection.Label} on partition {status.Partition} {why}; it is {status.State} at offset {status.Checkpoint}.");
}

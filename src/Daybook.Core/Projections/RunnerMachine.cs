namespace Daybook.Projections;

/// <summary>
/// What a projection does next on one partition, as a pure state machine: input in, one step out. Invariants:
/// the checkpoint never goes back but through <see cref="RunnerInput.Started"/>; a step never passes an event that failed, unless a
/// person had that one event skipped; after a failure that may have been applied, the next step is a start.
/// </summary>
internal sealed class RunnerMachine(ProjectionId projection, PartitionId partition, ProjectionOptions options)
{
    private readonly HashSet<(StreamId, StreamVersion)> _skip = [];
    private JournalOffset _limit;
    private JournalOffset _headAtRead;
    private PoisonEventException? _poison;
    private bool _reachedHead;
    private int _skippedBefore;
    private int _unknownFailures;

    internal ProjectionState State { get; private set; } = ProjectionState.Starting;

    internal JournalOffset Checkpoint { get; private set; }

    internal Exception? Error { get; private set; }

    internal int FailedAttempts { get; private set; }

    /// <summary>What the sink has recorded as skipped, and what it will with the next batch.</summary>
    internal int Skipped => _skippedBefore + _skip.Count;

    internal static RunnerStep First => new(RunnerAct.Start);

    internal RecordedEvent? ParkedAt => State == ProjectionState.Parked ? (Error as PoisonEventException)?.Recorded : null;

    internal bool SkipsAny => _skip.Count > 0;

    internal bool Skips(RecordedEvent recorded) => _skip.Count > 0 && _skip.Contains((recorded.Stream, recorded.Version));

    internal RunnerStep On(RunnerInput input) => input switch
    {
        RunnerInput.Started started => OnStarted(started),
        RunnerInput.BatchRead read => OnBatchRead(read),
        RunnerInput.Applied => OnApplied(),
        RunnerInput.CaughtUpTold => OnCaughtUpTold(),
        RunnerInput.Paused => new RunnerStep(RunnerAct.Start),
        RunnerInput.Resumed resumed => OnResumed(resumed),
        RunnerInput.Failed failed => OnFailed(failed),
        _ => throw new ArgumentOutOfRangeException(nameof(input)),
    };

    private RunnerStep OnStarted(RunnerInput.Started started)
    {
        _skippedBefore = started.Skipped;
        if (started.Checkpoint > Checkpoint)
        {
            Recovered(); // part of the batch that failed was done, so this is another failure, not the same once more
            _skip.Clear();
        }
        Checkpoint = started.Checkpoint;
        if (Checkpoint > started.Head)
            return Park(new DaybookException(ErrorCode.Corrupted,
                $"The checkpoint {Checkpoint} of projection {projection} lies beyond the head {started.Head} of partition {partition}: its " +
                "journal was restored from a backup, or lost its end. What the projection wrote of the lost records is there; it is refused from now on, also " +
                "once the journal has grown past that. Remove its read model and start again to have it rebuilt."));
        return Checkpoint == started.Head ? TellCaughtUp() : Read();
    }

    private RunnerStep OnBatchRead(RunnerInput.BatchRead read)
    {
        (_limit, _headAtRead, _poison) = (read.Next, read.Head, null);
        return read.Poison is { } poison ? UpTo(poison) : new RunnerStep(RunnerAct.Apply, _limit);
    }

    private RunnerStep OnApplied()
    {
        Checkpoint = _limit;
        Recovered();
        _skippedBefore += _skip.Count;
        _skip.Clear();
        if (_poison is not null)
            return Park(_poison);
        return Checkpoint >= _headAtRead && !_reachedHead ? TellCaughtUp() : Read();
    }

    private RunnerStep OnCaughtUpTold()
    {
        _reachedHead = true;
        Recovered();
        return Read();
    }

    private RunnerStep OnResumed(RunnerInput.Resumed resumed)
    {
        if (resumed.Skip && ParkedAt is { } recorded)
            _skip.Add((recorded.Stream, recorded.Version));
        _poison = null;
        Recovered();
        State = ProjectionState.Starting;
        return new RunnerStep(RunnerAct.Start);
    }

    private RunnerStep OnFailed(RunnerInput.Failed failed)
    {
        if (failed.Error is PoisonEventException poison)
            return UpTo(poison);
        switch (ProjectionFailures.Of(failed.Error))
        {
            case FailureKind.Stop:
                (State, Error) = (ProjectionState.Stopped, failed.Error);
                return new RunnerStep(RunnerAct.Stop);
            case FailureKind.Park:
            case FailureKind.RetryThenPark when ++_unknownFailures >= options.AttemptsBeforeParking:
                return Park(failed.Error);
            default:
                return PauseAfter(failed);
        }
    }

    private RunnerStep UpTo(PoisonEventException poison)
    {
        var offset = poison.Recorded.Position.Offset;
        if (offset <= Checkpoint || offset >= _limit)
            return Park(poison);
        (_limit, _poison) = (offset, poison);
        return new RunnerStep(RunnerAct.Apply, offset);
    }

    private RunnerStep PauseAfter(RunnerInput.Failed failed)
    {
        (State, Error) = (ProjectionState.Retrying, failed.Error);
        var doublings = Math.Min(FailedAttempts++, 30);
        var full = Math.Min(options.MaxRetryDelay.Ticks, options.FirstRetryDelay.Ticks * Math.Pow(2, doublings));
        return new RunnerStep(RunnerAct.Pause, Pause: TimeSpan.FromTicks((long)(full * (0.5 + failed.Jitter / 2))));
    }

    private RunnerStep Park(Exception error)
    {
        (State, Error) = (ProjectionState.Parked, error);
        return new RunnerStep(RunnerAct.Park, Checkpoint);
    }

    private RunnerStep Read()
    {
        if (FailedAttempts == 0)
            State = _reachedHead ? ProjectionState.Running : ProjectionState.CatchingUp;
        return new RunnerStep(RunnerAct.Read, Checkpoint);
    }

    private RunnerStep TellCaughtUp() => new(RunnerAct.TellCaughtUp, Checkpoint);

    private void Recovered() => (FailedAttempts, _unknownFailures, Error) = (0, 0, null);
}

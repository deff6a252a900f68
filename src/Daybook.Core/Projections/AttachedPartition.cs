namespace Daybook.Projections;

/// <summary>The runners of one partition: one for each build of each projection. Changed by one caller at a time, read by many.</summary>
internal sealed class AttachedPartition(IEventFeed feed, ProjectionRunnerContext context) : IAsyncDisposable
{
    private volatile AttachedBuild[] _builds = [];

    internal PartitionId Partition => feed.Partition;

    internal AttachedBuild[] Builds => _builds;

    /// <summary>Starts a runner for each build that has none, and ends those of builds that are not named.</summary>
    internal async ValueTask RunAsync(IReadOnlyCollection<ProjectionBuild> wanted, Func<Random> random)
    {
        var before = _builds;
        var after = wanted.Select(w => before.FirstOrDefault(b => b.IsOf(w))?.As(w)
            ?? new AttachedBuild(w, new ProjectionRunner(w, w.Feed?.Invoke(feed) ?? feed, context, random()), context));
        _builds = [.. after];
        foreach (var added in _builds.Where(b => !before.Any(b.IsSame)))
            added.Start();
        foreach (var gone in before.Where(b => !_builds.Any(b.IsSame)))
            await gone.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Array.ConvertAll(_builds, b => b.DisposeAsync().AsTask())).ConfigureAwait(false);
}

/// <summary>A build on a partition, with its runner.</summary>
internal sealed class AttachedBuild(ProjectionBuild build, ProjectionRunner runner, ProjectionRunnerContext context) : IAsyncDisposable
{
    /// <summary>How long the end of a runner is waited for. Only user code that does not return takes longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    internal ProjectionId Projection => build.Writer.Projection;

    internal bool IsCurrent => build.IsCurrent;

    /// <summary>Whether it reads the partition's own feed, and so may be shown one day.</summary>
    internal bool IsWhole => build.Feed is null;

    internal ProjectionRunner Runner => runner;

    internal ProjectionStatus Status => runner.Status with { Build = build.Writer.Build, IsCurrent = build.IsCurrent };

    internal bool IsOf(ProjectionBuild other) => ReferenceEquals(build.Writer, other.Writer);

    internal bool IsSame(AttachedBuild other) => ReferenceEquals(runner, other.Runner);

    /// <summary>The same runner, for a build that readers have begun or ceased to see.</summary>
    internal AttachedBuild As(ProjectionBuild changed) => build == changed ? this : new AttachedBuild(changed, runner, context) { _stop = _stop, _running = _running };

    internal void Start() => _running = runner.RunAsync(_stop.Token);

    /// <summary>Ends the runner, or leaves it behind when its code does not return: it can write nothing once a later owner has claimed the
    /// partition.</summary>
    public async ValueTask DisposeAsync()
    {
        var ending = EndAsync();
        await ending.WaitAsync(Patience, context.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ending.IsCompleted)
            context.LeaveBehind(build.Writer.Projection, runner.Status.Partition, Patience);
    }

    private async Task EndAsync()
    {
        // A driver may fail while it is being cancelled, over a connection that was cut; the runner ends all the same.
        await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }
}

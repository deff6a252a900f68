using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.Projections;

/// <summary>
/// Runs every projection on every partition that is owned here, each pair by itself: one that is parked or slow holds up no other
/// (invariant J8). The owner of a partition attaches its feed after takeover and detaches it when it steps down.
/// </summary>
/// <param name="writers">The projections; their names must differ.</param>
/// <param name="decoder">Reads event bodies.</param>
/// <param name="options">How they are run; null for the defaults.</param>
/// <param name="time">Drives the pauses between attempts.</param>
/// <param name="random">Spreads the pauses; used under a lock and only while attaching.</param>
/// <param name="logger">Logs every change of state; null for no log.</param>
public sealed class ProjectionHost(
    IEnumerable<IProjectionWriter> writers,
    IEventDecoder decoder,
    ProjectionOptions? options,
    TimeProvider time,
    Random random,
    ILogger<ProjectionHost>? logger = null) : IProjections, IAsyncDisposable
{
    private readonly HostedBuilds _builds = new(writers);
    private readonly ProjectionRunnerContext _context = new(decoder, Valid(options), time, logger ?? NullLogger<ProjectionHost>.Instance);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionId, AttachedPartition> _attached = [];
    private bool _stopped;

    /// <summary>Whether a projection that did not stop may still use its sink.</summary>
    internal bool HasLeftBehind => _context.HasLeftBehind;

    /// <inheritdoc/>
    public IReadOnlyList<ProjectionId> Registered => _builds.Registered;

    /// <inheritdoc/>
    public IReadOnlyList<ProjectionStatus> Status =>
    [
        .. Attached().SelectMany(a => a.Builds).Select(b => b.Status)
            .OrderBy(s => s.Projection.Name, StringComparer.Ordinal).ThenBy(s => s.Partition).ThenBy(s => s.Build),
    ];

    /// <summary>Starts every projection on a partition. A feed of the same partition that was attached before is detached first.</summary>
    /// <param name="feed">The feed of the partition's owner.</param>
    /// <param name="cancellationToken">Stops waiting for the earlier feed's runners to end.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Closed"/>: the host was stopped.</exception>
    public async ValueTask AttachAsync(IEventFeed feed, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_stopped)
                throw new DaybookException(ErrorCode.Closed, $"Projections were stopped; partition {feed.Partition} cannot be attached.");
            await RemoveAsync(feed.Partition).ConfigureAwait(false);
            var attached = new AttachedPartition(feed, _context);
            lock (_lock)
                _attached.Add(feed.Partition, attached);
            await attached.RunAsync(_builds.All, NewRandom).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops every projection on a partition and waits until the last one has; nothing happens when none runs there.</summary>
    public async ValueTask DetachAsync(PartitionId partition, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RemoveAsync(partition).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Runs these builds of a projection and no others, here and now and on every partition that is attached later. Builds that run already go on
    /// undisturbed; those that are not named are ended first to last. Without this, the host runs the writers that it was made with.
    /// </summary>
    /// <param name="projection">One of the projections that the host was made with.</param>
    /// <param name="builds">Its builds, at most one of them current.</param>
    /// <param name="cancellationToken">Stops waiting for the host's turn.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>: the host was not made with the projection.
    /// <see cref="ErrorCode.InvalidArgument"/>: a build is of another one, or two are current.</exception>
    public async ValueTask RunAsync(ProjectionId projection, IReadOnlyCollection<ProjectionBuild> builds, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _builds.Replace(projection, builds);
            foreach (var attached in Attached())
                await attached.RunAsync(_builds.All, NewRandom).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask WaitForAsync(string projection, Position position, CancellationToken cancellationToken = default) =>
        new(BuildWaits.ShownAsync(Find(projection, position.Partition), position.Offset, cancellationToken));

    /// <inheritdoc/>
    public void Retry(string projection, PartitionId partition) => Resume(Find(projection, partition), null);

    /// <inheritdoc/>
    public void Skip(string projection, Position position) => Resume(Find(projection, position.Partition), position.Offset);

    /// <summary>Sets one build going that is parked, as <see cref="Retry"/> and <see cref="Skip"/> do with all.</summary>
    /// <param name="projection">The name of the projection.</param>
    /// <param name="build">The build's number, see <see cref="IProjectionWriter.Build"/>.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="skip">The offset of the event to leave out; null to try it again.</param>
    /// <exception cref="DaybookException">As for <see cref="Retry"/> and <see cref="Skip"/>.</exception>
    public void Resume(string projection, int build, PartitionId partition, JournalOffset? skip) =>
        Resume(Array.FindAll(Find(projection, partition), b => b.Status.Build == build), skip);

    /// <summary>Stops everything. A projection whose code does not return within a few seconds is left behind, and logged as an
    /// error.</summary>
    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            _stopped = true;
            await Task.WhenAll(Attached().Select(a => RemoveAsync(a.Partition).AsTask())).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Waits until every projection on a partition has applied everything before an offset and keeps it through a power loss.</summary>
    /// <exception cref="DaybookException">As for <see cref="WaitForAsync"/>.</exception>
    internal async ValueTask SettleAsync(PartitionId partition, JournalOffset next, CancellationToken cancellationToken)
    {
        foreach (var build in _builds.All.Where(b => b.Feed is null))
        {
            await BuildWaits.AppliedAsync(Find(build.Writer.Projection.Name, partition), build, next.Plus(-1), cancellationToken).ConfigureAwait(false);
            await build.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the projections of what was attached before have been started.</summary>
    internal async ValueTask AttachedAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        _changing.Release();
    }

    private async ValueTask RemoveAsync(PartitionId partition)
    {
        AttachedPartition? attached;
        lock (_lock)
            _attached.Remove(partition, out attached);
        if (attached is not null)
            await attached.DisposeAsync().ConfigureAwait(false);
    }

    private AttachedPartition[] Attached()
    {
        lock (_lock)
            return [.. _attached.Values];
    }

    private AttachedBuild[] Find(string projection, PartitionId partition)
    {
        _builds.Require(projection);
        AttachedPartition? attached;
        lock (_lock)
            _attached.TryGetValue(partition, out attached);
        var builds = attached is null ? [] : Array.FindAll(attached.Builds, b => b.Projection.Name == projection);
        return builds.Length > 0
            ? builds
            : throw new DaybookException(ErrorCode.NotOwner, $"Partition {partition} is not owned here, so projection '{projection}' does not run on it here.");
    }

    /// <summary>Resumes every build that is parked there; when none is, the first reports what it does instead.</summary>
    private static void Resume(AttachedBuild[] builds, JournalOffset? skip)
    {
        var parked = Array.FindAll(builds, b => b.Status is { State: ProjectionState.Parked } s && (skip is null || s.ParkedAt?.Position.Offset == skip));
        foreach (var build in parked.DefaultIfEmpty(builds[0]))
            build.Runner.Resume(skip);
    }

    private Random NewRandom() => new(random.Next());

    private static ProjectionOptions Valid(ProjectionOptions? options)
    {
        options ??= new ProjectionOptions();
        options.Validate();
        return options;
    }
}

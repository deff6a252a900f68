using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.Projections;

/// <summary>
/// Runs every projection on every partition that is owned here, each pair by itself: one that is parked or slow holds up no other
/// (must-hold J8). The owner of a partition attaches its feed after takeover and detaches it when it steps down.
/// </summary>
/// <param name="writers">The projections; their names must differ.</param>
/// <param name="decoder">Reads event bodies.</param>
/// <param name="options">How they are run; null for the defaults.</param>
/// <param name="time">Drives the pauses between attempts.</param>
/// <param name="random">Spreads the pauses; used under a lock and only while attaching.</param>
/// <param name="logger">Is told of every change of state; null for nobody.</param>
public sealed class ProjectionHost(
    IEnumerable<IProjectionWriter> writers,
    IEventDecoder decoder,
    ProjectionOptions? options,
    TimeProvider time,
    Random random,
    ILogger<ProjectionHost>? logger = null) : IProjections, IAsyncDisposable
{
    private readonly IProjectionWriter[] _writers = Distinct(writers);
    private readonly ProjectionRunnerContext _context = new(decoder, Valid(options), time, logger ?? NullLogger<ProjectionHost>.Instance);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionId, AttachedPartition> _attached = [];
    private bool _stopped;

    /// <inheritdoc/>
    public IReadOnlyList<ProjectionStatus> Status =>
    [
        .. Attached().SelectMany(a => a.Runners).Select(r => r.Status)
            .OrderBy(s => s.Projection.Name, StringComparer.Ordinal).ThenBy(s => s.Partition),
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
            var attached = new AttachedPartition(feed.Partition, Array.ConvertAll(_writers, w => new ProjectionRunner(w, feed, _context, new Random(random.Next()))));
            lock (_lock)
                _attached.Add(feed.Partition, attached);
            attached.Start();
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

    /// <inheritdoc/>
    public ValueTask WaitForAsync(string projection, Position position, CancellationToken cancellationToken = default) =>
        new(Find(projection, position.Partition).WaitForAsync(position.Offset, cancellationToken));

    /// <inheritdoc/>
    public void Retry(string projection, PartitionId partition) => Find(projection, partition).Resume(null);

    /// <inheritdoc/>
    public void Skip(string projection, Position position) => Find(projection, position.Partition).Resume(position.Offset);

    /// <summary>Stops everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            _stopped = true;
            foreach (var partition in Attached().Select(a => a.Partition))
                await RemoveAsync(partition).ConfigureAwait(false);
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
        var last = new Position(partition, next.Plus(-1));
        foreach (var writer in _writers)
        {
            await WaitForAsync(writer.Projection.Name, last, cancellationToken).ConfigureAwait(false);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
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

    private ProjectionRunner Find(string projection, PartitionId partition)
    {
        var ordinal = IndexOf(projection);
        lock (_lock)
        {
            return _attached.TryGetValue(partition, out var attached)
                ? attached.Runners[ordinal]
                : throw new DaybookException(ErrorCode.NotOwner, $"Partition {partition} is not owned here, so projection '{projection}' does not run on it here.");
        }
    }

    private int IndexOf(string projection)
    {
        for (var i = 0; i < _writers.Length; i++)
        {
            if (_writers[i].Projection.Name == projection)
                return i;
        }
        var known = string.Join(", ", _writers.Select(w => $"'{w.Projection.Name}'"));
        throw new DaybookException(ErrorCode.UnknownType, $"There is no projection '{projection}'; known are: {known}.");
    }

    private static IProjectionWriter[] Distinct(IEnumerable<IProjectionWriter> writers)
    {
        IProjectionWriter[] all = [.. writers];
        var twice = all.GroupBy(w => w.Projection.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? all
            : throw new DaybookException(ErrorCode.InvalidArgument, $"Two projections have the name '{twice.Key}'; names must differ by more than case.");
    }

    private static ProjectionOptions Valid(ProjectionOptions? options)
    {
        options ??= new ProjectionOptions();
        options.Validate();
        return options;
    }
}

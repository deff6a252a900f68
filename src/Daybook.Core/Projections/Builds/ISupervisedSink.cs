using Microsoft.Extensions.Logging;

namespace Daybook.Projections;

/// <summary>
/// What a sink may offer beside <see cref="IProjectionSink"/>: it decides at run time which builds of its projections run, and takes
/// orders for the host from outside of the process.
/// </summary>
public interface ISupervisedSink
{
    /// <summary>
    /// Finds out which builds there are, has the host run them (<see cref="ProjectionHost.RunAsync"/>), and goes on doing so until the
    /// result is disposed, which comes before the host is. Called before any partition is attached.
    /// </summary>
    /// <param name="host">Runs the projections.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logging">Where to log.</param>
    /// <param name="cancellationToken">Stops the beginning; what was begun ends by disposing.</param>
    /// <exception cref="DaybookException">The sink cannot be read.</exception>
    ValueTask<IAsyncDisposable> SuperviseAsync(ProjectionHost host, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken = default);
}

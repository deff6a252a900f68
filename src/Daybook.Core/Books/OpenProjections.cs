using Daybook.Projections;
using Daybook.Reactions;
using Microsoft.Extensions.Logging;

namespace Daybook;

/// <summary>A projection on its sink.</summary>
/// <param name="Writer">What its runner writes.</param>
/// <param name="Document">The document type; null when it has no documents.</param>
/// <param name="ReadModel">An <see cref="IReadModel{TDocument}"/>; null when it has no documents.</param>
internal sealed record OpenProjection(IProjectionWriter Writer, Type? Document, object? ReadModel);

/// <summary>The projections of a book on their open sink, and what runs them.</summary>
internal sealed record OpenProjections(
    IProjectionSink Sink, IReadOnlyList<OpenProjection> Projections, ProjectionHost Host, IAsyncDisposable Parts) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public IEnumerable<ReactionWriter> Reactions => Projections.Select(p => p.Writer).OfType<ReactionWriter>();

    /// <summary>Opens the sink and the projections on it; when anything fails, nothing stays open.</summary>
    public static async ValueTask<OpenProjections> OpenAsync(
        BookPlan plan, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var parts = new OwnedParts();
        try
        {
            var sink = parts.Own(await plan.Sink(cancellationToken).ConfigureAwait(false));
            var projections = plan.Projections(sink);
            var host = parts.Own(new ProjectionHost(
                projections.Select(p => p.Writer), new CodecDecoder(plan.Model.Codec), plan.ProjectionOptions, time, new Random(),
                logging.CreateLogger<ProjectionHost>()));
            if (sink is ISupervisedSink supervised)
                parts.Own(await supervised.SuperviseAsync(host, time, logging, cancellationToken).ConfigureAwait(false));
            return new OpenProjections(sink, projections, host, parts);
        }
        catch
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops the projections and closes the sink. A sink that a projection left behind still works in is left behind with
    /// it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync().ConfigureAwait(false);
        var closing = Parts.DisposeAsync().AsTask();
        if (Host.HasLeftBehind)
            await closing.WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else
            await closing.ConfigureAwait(false);
    }
}

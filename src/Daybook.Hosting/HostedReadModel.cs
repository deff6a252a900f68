using Daybook.Projections;

namespace Daybook.Hosting;

/// <summary>A read model of the host's book.</summary>
internal sealed class HostedReadModel<TDocument>(HostedBook hosted) : IReadModel<TDocument>
    where TDocument : class
{
    public IReadModel<TDocument> OfSink => hosted.Opened.ReadModel<TDocument>();

    public ValueTask<TDocument?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        hosted.Opened.ReadModel<TDocument>().GetAsync(key, cancellationToken);

    public IAsyncEnumerable<KeyValuePair<string, TDocument>> QueryAsync(
        string? from = null, bool descending = false, int limit = int.MaxValue, CancellationToken cancellationToken = default) =>
        hosted.Opened.ReadModel<TDocument>().QueryAsync(from, descending, limit, cancellationToken);
}

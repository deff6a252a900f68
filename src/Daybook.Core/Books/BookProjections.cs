using System.Collections.Concurrent;
using Daybook.Projections;

namespace Daybook;

/// <summary>
/// The projections of a book, which may have to wait for their sink. The feeds of partitions that are owned meanwhile are attached when the
/// sink is open.
/// </summary>
internal sealed class BookProjections(
    Opening<OpenProjections> opening, Opening<BookStorage> storage, IReadOnlyCollection<Type> documents, int partitions) : IProjections
{
    private readonly ConcurrentDictionary<PartitionId, Attachment> _attached = new();

    public IReadOnlyList<ProjectionId> Registered => opening.Value?.Host.Registered ?? [];

    public IReadOnlyList<ProjectionStatus> Status => opening.Value?.Host.Status ?? [];

    /// <summary>Why the read models cannot be read; null when they can.</summary>
    public string? Error => opening.Why?.Message;

    public async ValueTask WaitForAsync(string projection, Position position, CancellationToken cancellationToken = default)
    {
        RequestCheck.Position(position, partitions);
        var opened = await opening.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        await opened.Host.WaitForAsync(projection, position, cancellationToken).ConfigureAwait(false);
    }

    public void Retry(string projection, PartitionId partition)
    {
        RequestCheck.Partition(partition, partitions);
        Open().Host.Retry(projection, partition);
    }

    public void Skip(string projection, Position position)
    {
        RequestCheck.Position(position, partitions);
        Open().Host.Skip(projection, position);
    }

    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>; or the sink is not open yet.</exception>
    public IReadModel<TDocument> ReadModel<TDocument>()
        where TDocument : class => documents.Contains(typeof(TDocument))
        ? (IReadModel<TDocument>)Open().Projections.First(p => p.Document == typeof(TDocument)).ReadModel!
        : throw new DaybookException(ErrorCode.UnknownType, $"No projection with documents of type '{typeof(TDocument)}' was added to the book.");

    /// <summary>Starts every projection on a partition, now or when the sink is open. A later feed of the partition replaces it.</summary>
    public void Attach(IEventFeed feed)
    {
        var attachment = new Attachment(feed);
        _attached[feed.Partition] = attachment;
        attachment.Done = AttachAsync(attachment);
    }

    /// <summary>Waits until the projections run on every partition that is owned now.</summary>
    public Task AttachedAsync() => Task.WhenAll(_attached.Values.Select(a => a.Done));

    public async ValueTask SettleAsync(PartitionId partition, JournalOffset next, CancellationToken cancellationToken)
    {
        var opened = await opening.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        await opened.Host.SettleAsync(partition, next, cancellationToken).ConfigureAwait(false);
    }

    private OpenProjections Open() => opening.Value
        ?? throw new DaybookException(ErrorCode.Unavailable, $"The read models are not open: {opening.Why?.Message}", opening.Why);

    /// <summary>The first thing that is written to a sink is written for a book, so the sink is bound to it before. An owner that appears while the book is being
    /// closed gets no projections.</summary>
    private async Task AttachAsync(Attachment attachment)
    {
        try
        {
            var opened = await opening.Opened.ConfigureAwait(false);
            opened.Sink.Bind(storage.Value!.Book);
            if (_attached[attachment.Feed.Partition] == attachment)
                await opened.Host.AttachAsync(attachment.Feed).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.Closed)
        {
        }
    }

    private sealed class Attachment(IEventFeed feed)
    {
        public IEventFeed Feed => feed;

        public Task Done { get; set; } = Task.CompletedTask;
    }
}

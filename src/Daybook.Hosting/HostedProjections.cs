using Daybook.Projections;

namespace Daybook.Hosting;

/// <summary>The projections of the host's book. Not disposable itself, so no container disposes the book's projections by accident.</summary>
internal sealed class HostedProjections(HostedBook hosted) : IProjections
{
    public IReadOnlyList<ProjectionId> Registered => hosted.Opened.Projections.Registered;

    public IReadOnlyList<ProjectionStatus> Status => hosted.Opened.Projections.Status;

    public ValueTask WaitForAsync(string projection, Position position, CancellationToken cancellationToken = default) =>
        hosted.Opened.Projections.WaitForAsync(projection, position, cancellationToken);

    public void Retry(string projection, PartitionId partition) => hosted.Opened.Projections.Retry(projection, partition);

    public void Skip(string projection, Position position) => hosted.Opened.Projections.Skip(projection, position);
}

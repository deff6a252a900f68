namespace Daybook;

/// <summary>How far a book is that was started: for health checks, for pages, and for work that needs the book to be owned here.</summary>
public interface IBookStatus
{
    /// <summary>What each partition is doing.</summary>
    IReadOnlyList<PartitionStatus> Partitions { get; }

    /// <summary>Why the read models cannot be read here at the moment; null when they can.</summary>
    string? ReadModelsError { get; }

    /// <summary>
    /// Waits until every partition has been owned here and the read models are open. It does not look at what happens later:
    /// <see cref="Partitions"/> does.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException">Waiting does not help: an option is wrong, a store is damaged or newer (the message names it), or the
    /// book was closed (<see cref="ErrorCode.Closed"/>).</exception>
    ValueTask ReadyAsync(CancellationToken cancellationToken = default);
}

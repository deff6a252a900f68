using System.Globalization;
using System.Text;
using Daybook.Projections;

namespace Daybook.Postgres.Crash;

/// <summary>A journal without end, the same in every process: what stands at an offset of a partition follows from both.</summary>
/// <param name="partition">The partition.</param>
/// <param name="epoch">The epoch of the owner that the feed is of.</param>
/// <param name="growth">The current end of the journal; null for beyond any reader.</param>
public sealed class EndlessFeed(PartitionId partition, Epoch epoch, Func<long>? growth = null) : IEventFeed
{
    /// <inheritdoc/>
    public PartitionId Partition => partition;

    /// <inheritdoc/>
    public Epoch Epoch => epoch;

    /// <inheritdoc/>
    public JournalOffset Head => new(growth?.Invoke() ?? long.MaxValue / 2);

    /// <inheritdoc/>
    public async ValueTask<FeedBatch> ReadAsync(JournalOffset from, int maxRecords, CancellationToken cancellationToken = default)
    {
        while (Head <= from)
            await Task.Delay(TimeSpan.FromMilliseconds(2), cancellationToken);
        var count = (int)Math.Min(maxRecords, Head.Value - from.Value);
        return new FeedBatch(from, from.Plus(count), [.. Enumerable.Range(0, count).Select(i => At(partition, from.Value + i))]);
    }

    /// <summary>The event at an offset: adds the offset to a document of the partition's own, and to one of those that all partitions share.</summary>
    public static RecordedEvent At(PartitionId partition, long offset) => new(
        new StreamId($"s-{offset % 97}"), new StreamVersion(offset + 1), new Position(partition, new JournalOffset(offset)), "added",
        Encoding.UTF8.GetBytes(offset.ToString(CultureInfo.InvariantCulture)),
        new EventMetadata { CommandId = new CommandId(new Guid(1, 0, 0, new byte[8])), Time = DateTimeOffset.UnixEpoch });
}

/// <summary>Reads what <see cref="EndlessFeed"/> writes: a number.</summary>
public sealed class NumberDecoder : IEventDecoder
{
    /// <inheritdoc/>
    public object Decode(RecordedEvent recorded) => decimal.Parse(recorded.Data.Span, CultureInfo.InvariantCulture);
}

/// <summary>What is kept for a key.</summary>
/// <param name="Sum">The sum of the offsets.</param>
/// <param name="Count">How many there were.</param>
public sealed record Sums(decimal Sum, long Count);

/// <summary>Sums by stream and partition, and by a tenth of the offset over all partitions; some documents are deleted and come again.</summary>
[Projection("sums")]
public sealed class SumsProjection : IDocumentProjection<Sums>
{
    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected)
    {
        var (partition, offset) = projected.Recorded.Position;
        return [$"{partition}/{projected.Recorded.Stream}", $"shared-{offset.Value % 10}"];
    }

    /// <inheritdoc/>
    public Sums? Apply(string key, Sums? document, ProjectedEvent projected)
    {
        var own = key[0] != 's';
        return own && document is { Count: >= 5 } ? null : new Sums((document?.Sum ?? 0) + (decimal)projected.Body, (document?.Count ?? 0) + 1);
    }
}

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Fills a book with events, as fast as it takes them, through the public event store.</summary>
internal static class Filling
{
    /// <param name="book">The book.</param>
    /// <param name="events">The total number of events, one per append.</param>
    /// <param name="streams">The number of streams that they are spread over evenly.</param>
    public static async Task RunAsync(Book book, long events, int streams)
    {
        ReadOnlyMemory<EventData> payload = new[] { new EventData("bench.bytes.v1", new byte[64]) };
        long next = 0;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i <= events; i = Interlocked.Increment(ref next))
            {
                var stream = new StreamId($"bytes/stream-{i % streams:D7}");
                BenchmarkBook.Accepted(await book.Streams.AppendAsync(stream, ExpectedVersion.Any, payload, BenchmarkBook.NewId()));
            }
        })));
    }
}

using System.Text.Json;
using Daybook.Embedded;
using Daybook.Postgres;
using Daybook.Projections;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>The total of an account, kept in Postgres.</summary>
public sealed record AccountTotal(long Amount, long Count);

/// <summary>Totals of all accounts.</summary>
[Projection("totals")]
public sealed class AccountTotals : IDocumentProjection<AccountTotal>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Changed ? [projected.Recorded.Stream.Value] : [];

    public AccountTotal? Apply(string key, AccountTotal? document, ProjectedEvent projected) =>
        new((document?.Amount ?? 0) + ((Changed)projected.Body).Amount, (document?.Count ?? 0) + 1);
}

/// <summary>A book whose events are projected into Postgres.</summary>
internal static class ProjectionBench
{
    private static readonly ReadOnlyMemory<EventData> s_change = new[] { new EventData("bench.changed.v1", JsonSerializer.SerializeToUtf8Bytes(new Changed(7))) };

    public static ValueTask<Book> OpenAsync(string folder, BenchmarkArguments arguments, string? connectionString = null, string schema = "daybook")
    {
        var builder = new DaybookBuilder().UseEmbedded(folder).AddHandlersFrom<Account>().AddJson(BenchmarkJson.Default)
            .Configure(options => options.Partitions = arguments.Partitions);
        return connectionString is null
            ? builder.OpenAsync()
            : builder.AddProjection<AccountTotals, AccountTotal>().UsePostgresProjections(connectionString, o => o with { Schema = schema }).OpenAsync();
    }

    /// <summary>Fills a book with events, one an append.</summary>
    public static Task FillAsync(Book book, long events, int streams)
    {
        var next = -1L;
        return Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < events; i = Interlocked.Increment(ref next))
                await ChangeAsync(book, i, streams);
        })));
    }

    /// <summary>Appends one event to one of a number of streams.</summary>
    public static async ValueTask<Position> ChangeAsync(Book book, long number, int streams)
    {
        var outcome = await book.Streams.AppendAsync(new StreamId($"total/{number % streams:D6}"), ExpectedVersion.Any, s_change, BenchmarkBook.NewId());
        return outcome is Outcome.Accepted accepted ? accepted.Position : throw new InvalidOperationException($"The append was not accepted: {outcome}");
    }

    /// <summary>Waits until every partition is projected to its head.</summary>
    public static async Task CaughtUpAsync(Book book)
    {
        foreach (var partition in book.Partitions)
        {
            if (partition.Head is { Value: > 0 } head)
                await book.Projections.WaitForAsync("totals", new Position(partition.Partition, head.Plus(-1)));
        }
    }

    /// <summary>A projection that lost an event would be quick, too.</summary>
    public static async Task ExpectAsync(Book book, long events)
    {
        var counted = 0L;
        await foreach (var (_, total) in book.ReadModel<AccountTotal>().QueryAsync())
            counted += total.Count;
        if (counted != events)
            throw new InvalidOperationException($"The read model has counted {counted} of {events} events.");
    }
}

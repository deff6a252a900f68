using Bank.Entries;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank.Http;

/// <summary>The endpoints that read entries and commands from the book, and lists from the read models.</summary>
internal static class QueryEndpoints
{
    public static void MapQueries(this IEndpointRouteBuilder app)
    {
        app.MapRead("/entries/{id:guid}", EntryAsync);
        app.MapRead("/commands/{id:guid}", OutcomeAsync);
        app.MapRead("/balances", (IReadModel<Balance> balances, CancellationToken cancellationToken) =>
            balances.QueryAsync(cancellationToken: cancellationToken).Select(row => row.Value));
        app.MapRead("/entries", EntriesAsync);
        app.MapRead("/stats", StatsAsync);
    }

    private static async Task<IResult> EntryAsync(Guid id, IDaybook book, CancellationToken cancellationToken) =>
        TypedResults.Ok((await book.ReadAsync<Entry>(id, cancellationToken: cancellationToken)).State
            ?? throw NotFound($"There is no entry '{id}'."));

    private static async Task<IResult> OutcomeAsync(Guid id, IDaybook book, CancellationToken cancellationToken) =>
        OutcomeResults.Of(await book.OutcomeOfAsync(new CommandId(id), cancellationToken)
            ?? throw NotFound($"No command '{id}' has taken place. Sending it (again) is safe."));

    private static async Task<EntriesPage> EntriesAsync(
        IReadModel<RecentEntry> entries, CancellationToken cancellationToken, string? limit = null, string? before = null)
    {
        var count = QueryCheck.Limit(limit);
        if (before is not null && !RecentEntries.IsKey(before))
            throw QueryCheck.Malformed("before", "'before' must be the value returned with the previous page.");
        var rows = await entries.QueryAsync(before, descending: true, count + 1, cancellationToken).ToListAsync(cancellationToken);
        return new EntriesPage([.. rows.Take(count).Select(row => row.Value)], rows.Count > count ? rows[count].Key : null);
    }

    private static async Task<Stats> StatsAsync(
        IReadModel<Total> totals, ReadModelClock clock, Throughput throughput, CancellationToken cancellationToken)
    {
        var all = await totals.QueryAsync(cancellationToken: cancellationToken).Select(row => row.Value).ToListAsync(cancellationToken);
        return new Stats(
            all.Sum(total => total.Accounts), all.Sum(total => total.Movements),
            throughput.Total, throughput.PerSecond(), clock.Lag);
    }

    private static ApiException NotFound(string detail) => new(StatusCodes.Status404NotFound, "Not found", detail);
}

using Bank.Accounts;
using Bank.Amounts;
using Bank.Entries;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank.Http;

/// <summary>The endpoints that read: accounts, entries and commands from the book, lists from the read models.</summary>
internal static class QueryEndpoints
{
    private const int MaxPage = 1_000;

    public static void MapQueries(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts/{**account}", AccountAsync);
        app.MapGet("/entries/{id:guid}", EntryAsync);
        app.MapGet("/commands/{id:guid}", OutcomeAsync);
        app.MapGet("/balances", (IReadModel<Balance> balances, CancellationToken cancellationToken) =>
            balances.QueryAsync(cancellationToken: cancellationToken).Select(row => row.Value));
        app.MapGet("/entries", EntriesAsync);
        app.MapGet("/stats", StatsAsync);
    }

    private static async Task<IResult> AccountAsync(
        string account, long? at, IDaybook book, HttpResponse response, CancellationToken cancellationToken)
    {
        var id = IdOf(account);
        var version = at is { } number ? new StreamVersion(number) : (StreamVersion?)null;
        var read = await book.ReadAsync<Account>(id, version, cancellationToken);
        if (read.State is null)
            throw NotFound($"There is no account '{id}'.");
        response.Headers.ETag = $"\"{read.Version}\"";
        var balances = read.State.Balances.OrderBy(x => x.Key).Select(x => new Money(x.Value, x.Key));
        return TypedResults.Ok(new AccountView(id, read.Version.Value, [.. balances]));
    }

    private static async Task<IResult> EntryAsync(Guid id, IDaybook book, CancellationToken cancellationToken) =>
        TypedResults.Ok((await book.ReadAsync<Entry>(id, cancellationToken: cancellationToken)).State
            ?? throw NotFound($"There is no entry '{id}'."));

    private static async Task<IResult> OutcomeAsync(Guid id, IDaybook book, CancellationToken cancellationToken) =>
        OutcomeResults.Of(await book.OutcomeOfAsync(new CommandId(id), cancellationToken)
            ?? throw NotFound($"No command '{id}' has taken place. Sending it (again) is safe."));

    private static async Task<EntriesPage> EntriesAsync(
        IReadModel<RecentEntry> entries, CancellationToken cancellationToken, int limit = 50, string? before = null)
    {
        if (limit is < 1 or > MaxPage)
            throw new ApiException(StatusCodes.Status400BadRequest, "Bad query", $"'limit' must be 1 to {MaxPage}; it was {limit}.", "limit");
        var rows = await entries.QueryAsync(before, descending: true, limit + 1, cancellationToken).ToListAsync(cancellationToken);
        return new EntriesPage([.. rows.Take(limit).Select(row => row.Value)], rows.Count > limit ? rows[limit].Key : null);
    }

    private static async Task<Stats> StatsAsync(
        IReadModel<Total> totals, ReadModelClock clock, Throughput throughput, CancellationToken cancellationToken)
    {
        var all = await totals.QueryAsync(cancellationToken: cancellationToken).Select(row => row.Value).ToListAsync(cancellationToken);
        return new Stats(
            all.Sum(total => total.Accounts), all.Sum(total => total.Movements),
            throughput.Total, throughput.PerSecond(), clock.Lag);
    }

    private static AccountId IdOf(string account)
    {
        try
        {
            return new AccountId(account);
        }
        catch (FormatException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "Bad account name", $"{e.Message}.", "account");
        }
    }

    private static ApiException NotFound(string detail) => new(StatusCodes.Status404NotFound, "Not found", detail);
}

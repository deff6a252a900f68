using Bank.Accounts;
using Bank.Amounts;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank.Http;

/// <summary>The endpoints that read accounts: a single one from the book, with its version; all from the read model, in pages.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapRead("/accounts", AccountsAsync);
        app.MapRead("/accounts/{**account}", AccountAsync);
    }

    private static async Task<AccountsPage> AccountsAsync(
        IReadModel<Balance> balances, CancellationToken cancellationToken, string? limit = null, string? after = null)
    {
        var count = QueryCheck.Limit(limit);
        var from = after is null ? null : Balances.AfterAllOf(IdOf(after, "after"));
        var page = new List<AccountBalances>();
        await foreach (var (_, row) in balances.QueryAsync(from, cancellationToken: cancellationToken))
        {
            if (page.Count > 0 && page[^1].Account == row.Account)
                page[^1].Balances.Add(new Money(row.Amount, row.Currency));
            else if (page.Count < count)
                page.Add(new AccountBalances(row.Account, [new Money(row.Amount, row.Currency)]));
            else
                return new AccountsPage(page, page[^1].Account);
        }
        return new AccountsPage(page, null);
    }

    private static async Task<IResult> AccountAsync(
        string account, string? at, IDaybook book, HttpResponse response, CancellationToken cancellationToken)
    {
        var id = IdOf(account, "account");
        var read = await book.ReadAsync<Account>(id, QueryCheck.Version(at), cancellationToken);
        if (read.State is null)
            throw new ApiException(StatusCodes.Status404NotFound, "Not found", $"There is no account '{id}'.");
        response.Headers.ETag = $"\"{read.Version}\"";
        var balances = read.State.Balances.OrderBy(x => x.Key).Select(x => new Money(x.Value, x.Key));
        return TypedResults.Ok(new AccountView(id, read.Version.Value, [.. balances]));
    }

    private static AccountId IdOf(string account, string field)
    {
        try
        {
            return new AccountId(account);
        }
        catch (FormatException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "Bad account name", $"{e.Message}.", field);
        }
    }
}

using Bank.Accounts;
using Bank.Entries;
using Daybook;

namespace Bank.Http;

/// <summary>The body of a journal entry; its id is the idempotency key.</summary>
/// <param name="Date">The date it is booked on.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Postings">Its postings.</param>
/// <param name="Legs">The same under its older name; exactly one of the two must be present.</param>
public sealed record PostBody(
    DateOnly Date, string Description, IReadOnlyList<Posting>? Postings = null, IReadOnlyList<Posting>? Legs = null);

/// <summary>The endpoints that change something. Each needs an <c>Idempotency-Key</c>.</summary>
internal static class CommandEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder app)
    {
        app.MapCommand<Open, Open>("/accounts", (body, _) => body, open => AccountAt(open.Account));
        app.MapCommand<Deposit, Deposit>("/deposits", (body, _) => BodyCheck.Payment(body, body.Amount, body.Currency));
        app.MapCommand<Withdraw, Withdraw>("/withdrawals", (body, _) => BodyCheck.Payment(body, body.Amount, body.Currency));
        app.MapCommand<Transfer, Transfer>("/transfers", (body, _) => BodyCheck.Payment(body, body.Amount, body.Currency));
        app.MapCommand<PostBody, Post>("/entries",
            (body, id) => new Post(new JournalEntryId(id.Value), body.Date, body.Description, BodyCheck.Postings(body)),
            post => $"/entries/{post.Entry}");
    }

    private static void MapCommand<TBody, TCommand>(
        this IEndpointRouteBuilder app, string pattern, Func<TBody, CommandId, TCommand> commandOf, Func<TCommand, string>? created = null)
        where TBody : class
        where TCommand : notnull =>
        app.MapPost(pattern, async (HttpRequest request, IDaybook book, Throughput throughput, CancellationToken cancellationToken) =>
        {
            var id = CommandRequest.IdOf(request);
            var expected = CommandRequest.ExpectedBy(request);
            var command = commandOf(await CommandRequest.BodyAsync<TBody>(request), id);
            var outcome = await book.SendAsync(command, id, new CommandOptions { ExpectedVersion = expected }, cancellationToken);
            throughput.Count();
            return OutcomeResults.Of(outcome, created?.Invoke(command), isConditional: !expected.IsAny);
        });

    /// <summary>The path of an account; slashes in its name stay, since <c>%2F</c> is not read as one.</summary>
    private static string AccountAt(AccountId account) =>
        "/accounts/" + string.Join('/', account.Value.Split('/').Select(Uri.EscapeDataString));
}

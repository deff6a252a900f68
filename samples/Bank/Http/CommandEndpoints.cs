using Bank.Accounts;
using Bank.Entries;
using Daybook;

namespace Bank.Http;

/// <summary>The body of a journal entry; its id is the idempotency key.</summary>
public sealed record PostBody(DateOnly Date, string Description, IReadOnlyList<Leg> Legs);

/// <summary>The endpoints that change something. Each needs an <c>Idempotency-Key</c>.</summary>
internal static class CommandEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder app)
    {
        app.MapCommand<Open, Open>("/accounts", (body, _) => body);
        app.MapCommand<Deposit, Deposit>("/deposits", (body, _) => body);
        app.MapCommand<Withdraw, Withdraw>("/withdrawals", (body, _) => body);
        app.MapCommand<Transfer, Transfer>("/transfers", (body, _) => body);
        app.MapCommand<PostBody, Post>("/entries", (body, id) =>
            new Post(new JournalEntryId(id.Value), body.Date, body.Description, body.Legs));
    }

    private static void MapCommand<TBody, TCommand>(
        this IEndpointRouteBuilder app, string pattern, Func<TBody, CommandId, TCommand> commandOf)
        where TBody : class
        where TCommand : notnull =>
        app.MapPost(pattern, async (HttpRequest request, IDaybook book, Throughput throughput, CancellationToken cancellationToken) =>
        {
            var id = CommandRequest.IdOf(request);
            var options = new CommandOptions { ExpectedVersion = ExpectedBy(request) };
            var command = commandOf(await CommandRequest.BodyAsync<TBody>(request), id);
            var outcome = await book.SendAsync(command, id, options, cancellationToken);
            throughput.Count();
            return OutcomeResults.Of(outcome);
        });

    private static ExpectedVersion ExpectedBy(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0)
            return ExpectedVersion.Any;
        return long.TryParse(text.Trim('"'), out var version) && version >= 0
            ? ExpectedVersion.Exactly(new StreamVersion(version))
            : throw new ApiException(StatusCodes.Status400BadRequest, "Header malformed",
                $"The header 'If-Match' must hold an account's version such as \"7\"; it was '{text}'.");
    }
}

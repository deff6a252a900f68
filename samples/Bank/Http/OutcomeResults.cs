using Daybook;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bank.Http;

/// <summary>An accepted command, as the API reports it.</summary>
/// <param name="CommandId">Its id.</param>
/// <param name="Outcome"><c>accepted</c>.</param>
/// <param name="Version">The version of the first account it names; use it as <c>If-Match</c>.</param>
/// <param name="Position">Its position in the book.</param>
public sealed record AcceptedCommand(Guid CommandId, string Outcome, long Version, string Position);

/// <summary>A command whose effect is not known yet.</summary>
/// <param name="CommandId">Its id.</param>
/// <param name="Outcome"><c>in-doubt</c>.</param>
/// <param name="Detail">The cause.</param>
/// <param name="Ask">The path that returns the outcome; sending the command again with the same key is equally safe.</param>
public sealed record CommandInDoubt(Guid CommandId, string Outcome, string Detail, string Ask);

/// <summary>Outcomes as HTTP.</summary>
internal static class OutcomeResults
{
    /// <summary>The response to a command, or to a query for its outcome.</summary>
    /// <param name="outcome">The outcome of the command.</param>
    /// <param name="created">The path of the created resource; null when it created none.</param>
    /// <param name="isConditional">Whether the request had an <c>If-Match</c>.</param>
    public static IResult Of(Outcome outcome, string? created = null, bool isConditional = false) => outcome switch
    {
        Outcome.Accepted x => Accepted(new AcceptedCommand(x.CommandId.Value, "accepted", x.Version.Value, x.Position.ToString()), created),
        Outcome.Rejected x => Problem(x, StatusCodes.Status422UnprocessableEntity, "rejected", x.Detail ?? x.Reason, ("reason", x.Reason)),
        Outcome.Conflict x => Problem(
            x, isConditional ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status409Conflict, "conflict",
            $"'{x.Stream}' is at version {x.Actual}, not at the expected one.", ("stream", x.Stream.Value), ("version", x.Actual.Value)),
        Outcome.InDoubt x => InDoubt(x),
        _ => throw new InvalidOperationException($"unknown outcome {outcome}"),
    };

    private static IResult Accepted(AcceptedCommand body, string? created) =>
        created is null ? TypedResults.Ok(body) : TypedResults.Created(created, body);

    private static Accepted<CommandInDoubt> InDoubt(Outcome.InDoubt outcome)
    {
        var ask = $"/commands/{outcome.CommandId}";
        return TypedResults.Accepted(ask, new CommandInDoubt(outcome.CommandId.Value, "in-doubt", outcome.Cause, ask));
    }

    private static ProblemHttpResult Problem(Outcome outcome, int status, string name, string detail, params (string Name, object Value)[] more)
    {
        var extensions = more.ToDictionary(x => x.Name, object? (x) => x.Value);
        extensions["outcome"] = name;
        extensions["commandId"] = outcome.CommandId.Value;
        return TypedResults.Problem(detail, statusCode: status, title: $"The command was {(name == "conflict" ? "in conflict" : name)}",
            extensions: extensions);
    }
}

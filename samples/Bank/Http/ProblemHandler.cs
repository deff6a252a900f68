using Daybook;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Bank.Http;

/// <summary>Every error of the API is problem+json; this class converts exceptions.</summary>
internal sealed class ProblemHandler(IProblemDetailsService problems, ILogger<ProblemHandler> log) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = ProblemOf(exception);
        if (problem.Status >= 500 && exception is not DaybookException { IsTransient: true })
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        httpContext.Response.StatusCode = problem.Status!.Value;
        if (exception is DaybookException { IsTransient: true })
            httpContext.Response.Headers.RetryAfter = "1";
        return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static ProblemDetails ProblemOf(Exception exception) => exception switch
    {
        ApiException e => Problem(e.Status, e.Title, e.Message, ("field", e.Field)),
        DaybookException e => Problem(e, StatusOf(e)),
        BadHttpRequestException e when e.StatusCode == StatusCodes.Status413PayloadTooLarge =>
            Problem(e.StatusCode, "Body too large", $"The body is larger than {BankApi.MaxBodyBytes} bytes."),
        BadHttpRequestException e => Problem(e.StatusCode, "Bad request", e.Message),
        _ => Problem(StatusCodes.Status500InternalServerError, "Internal error", "The request failed; see the log for the reason."),
    };

    private static ProblemDetails Problem(DaybookException e, int status) =>
        Problem(status, status < 500 ? "The command is not valid" : "The book failed", e.Message, ("code", e.Code.ToString()));

    private static int StatusOf(DaybookException e) => e.Code switch
    {
        ErrorCode.InvalidArgument => StatusCodes.Status400BadRequest,
        ErrorCode.CommandIdReused => StatusCodes.Status422UnprocessableEntity,
        ErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCode.UnknownType or ErrorCode.HandlerFailed or ErrorCode.Corrupted => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static ProblemDetails Problem(int status, string title, string detail, params (string Name, string? Value)[] more)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail };
        foreach (var (name, value) in more)
        {
            if (value is not null)
                problem.Extensions[name] = value;
        }
        return problem;
    }
}

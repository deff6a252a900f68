using System.Globalization;
using Daybook;

namespace Bank.Http;

/// <summary>Checks that queries share.</summary>
internal static class QueryCheck
{
    private const int DefaultPage = 50;
    private const int MaxPage = 1_000;

    /// <summary>Maps a path for reading: GET with a body, HEAD without.</summary>
    public static void MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler);

    /// <summary>How many rows a page has; <paramref name="limit"/> is the query's word for it, and may be missing.</summary>
    /// <exception cref="ApiException">It is no number from 1 to 1,000.</exception>
    public static int Limit(string? limit) => limit is null ? DefaultPage
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxPage ? number
        : throw Malformed("limit", $"'limit' must be a number from 1 to {MaxPage}; it was '{limit}'.");

    /// <summary>The version of an account that a query names; null when it names none.</summary>
    /// <exception cref="ApiException">It is no number from 0 on.</exception>
    public static StreamVersion? Version(string? at) => at is null ? null
        : long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new StreamVersion(number)
        : throw Malformed("at", $"'at' must be a version of the account, a number from 0 on; it was '{at}'.");

    /// <summary>The refusal of a query; it names the parameter.</summary>
    public static ApiException Malformed(string field, string detail) => new(StatusCodes.Status400BadRequest, "Bad query", detail, field);
}

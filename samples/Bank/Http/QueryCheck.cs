namespace Bank.Http;

/// <summary>Checks that queries share.</summary>
internal static class QueryCheck
{
    private const int MaxPage = 1_000;

    /// <summary>Maps a path for reading: GET with a body, HEAD without.</summary>
    public static void MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler);

    /// <exception cref="ApiException">The limit is out of range.</exception>
    public static void Limit(int limit)
    {
        if (limit is < 1 or > MaxPage)
            throw Malformed("limit", $"'limit' must be 1 to {MaxPage}; it was {limit}.");
    }

    /// <summary>The refusal of a query; it names the parameter.</summary>
    public static ApiException Malformed(string field, string detail) => new(StatusCodes.Status400BadRequest, "Bad query", detail, field);
}

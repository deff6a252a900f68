using System.Globalization;
using System.Text.Json;
using Daybook;

namespace Bank.Http;

/// <summary>Reads the parts of every command: an id in a header and a JSON body.</summary>
internal static class CommandRequest
{
    /// <summary>The header that holds the id of the command.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>The id that the client chose for the command.</summary>
    /// <exception cref="ApiException">The header is missing, or no GUID.</exception>
    public static CommandId IdOf(HttpRequest request)
    {
        var values = request.Headers[KeyHeader];
        if (values.Count == 0)
            throw new ApiException(StatusCodes.Status400BadRequest, "Header missing",
                $"The header '{KeyHeader}' is required: a GUID, the same for every retry of one intention.");
        return values.Count == 1 && Guid.TryParse(values[0], out var id) && id != Guid.Empty
            ? new CommandId(id)
            : throw new ApiException(StatusCodes.Status400BadRequest, "Header malformed",
                $"The header '{KeyHeader}' must hold one GUID other than the empty one; it was '{values}'.");
    }

    /// <summary>The version that the first account of the command must have; any without the header.</summary>
    /// <exception cref="ApiException">The header is malformed.</exception>
    public static ExpectedVersion ExpectedBy(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0)
            return ExpectedVersion.Any;
        var digits = text is ['"', .. var quoted, '"'] ? quoted : text;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? ExpectedVersion.Exactly(new StreamVersion(version))
            : throw new ApiException(StatusCodes.Status400BadRequest, "Header malformed",
                $"The header 'If-Match' must hold one version of an account, such as \"7\"; it was '{text}'.");
    }

    /// <summary>The body.</summary>
    /// <exception cref="ApiException">It is not JSON in UTF-8, or does not have the expected shape.</exception>
    public static async ValueTask<T> BodyAsync<T>(HttpRequest request)
        where T : class
    {
        if (!request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "Unsupported content type",
                $"The content type must be application/json; it was '{request.ContentType}'.");
        RequirePlainUtf8(request);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, ApiJson.Options, request.HttpContext.RequestAborted)
                ?? throw Malformed("The body is null.", "$");
        }
        catch (JsonException e)
        {
            throw Malformed(Sentence(e), e.Path);
        }
    }

    private static void RequirePlainUtf8(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "Unsupported content encoding",
                $"A body is sent as it is, without a content encoding; it was '{encoding}'.");
        var charset = request.GetTypedHeaders().ContentType?.Charset.Value?.Trim('"');
        if (charset is not null && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "Unsupported charset",
                $"A body is in UTF-8; its charset was '{charset}'.");
    }

    private static ApiException Malformed(string detail, string? field) =>
        new(StatusCodes.Status400BadRequest, "Malformed body", detail, field);

    private static string Sentence(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var message = (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
        return e.Path is null or "$" ? $"{message}." : $"{e.Path}: {message}.";
    }
}

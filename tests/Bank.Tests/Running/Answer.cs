using System.Net.Http.Json;
using System.Text.Json;

namespace Bank.Tests.Running;

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, string? ContentType, JsonElement Body, HttpResponseMessage Response)
{
    /// <summary>The sentence for people in a problem.</summary>
    public string? Detail => Text("detail");

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType,
        await response.Content.ReadFromJsonAsync<JsonElement>(), response);

    public string? Text(string field) => Body.TryGetProperty(field, out var value) ? value.ToString() : null;

    /// <summary>Asserts that it is a problem of a status, and returns its sentence.</summary>
    public string Problem(int status)
    {
        Assert.Equal((status, "application/problem+json"), (Status, ContentType));
        return Assert.IsType<string>(Detail);
    }
}

using System.Text;

namespace Bank.Tests.Running;

/// <summary>A client of the API.</summary>
internal sealed class BankClient(Uri address) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = address };

    /// <summary>Sends a command with a new key, or with the given one.</summary>
    public Task<Answer> PostAsync(string url, string json, Guid? key = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url)
        {
            Headers = { { "Idempotency-Key", (key ?? Guid.NewGuid()).ToString() } },
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        });

    public Task<Answer> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public void Dispose() => Http.Dispose();
}

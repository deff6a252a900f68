using System.Net.Http.Headers;
using Bank.Tests.Running;

namespace Bank.Tests.Http;

/// <summary>Each is problem+json and names the header or field.</summary>
public sealed class BadRequestTests : IAsyncLifetime
{
    private RunningBank _bank = null!;

    public async Task InitializeAsync() => _bank = await RunningBank.StartAsync();

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Theory]
    [InlineData("""{"from":"alice","to":"bob","currency":"EUR","amount":"ten"}""", "$.amount", "'ten' is not a number")]
    [InlineData("""{"from":"alice","to":"bob","currency":"EUR","amount":1e3}""", "$.amount", "'1e3' has an exponent")]
    [InlineData("""{"from":"alice","to":"bob","currency":"EUR","amount":0.00000000000000000000000000001}""", "$.amount", "more digits")]
    [InlineData("""{"from":"alice","to":"bob","currency":"EUR","amount":true}""", "$.amount", "an amount was expected")]
    [InlineData("""{"from":"a/../b","to":"bob","currency":"EUR","amount":1}""", "$.from", "'..'")]
    [InlineData("""{"from":".","to":"bob","currency":"EUR","amount":1}""", "$.from", "'.'")]
    [InlineData("""{"from":"ali\u200Bce","to":"bob","currency":"EUR","amount":1}""", "$.from", "the invisible character U+200B")]
    [InlineData("""{"from":"","to":"bob","currency":"EUR","amount":1}""", "$.from", "an account name must not be empty")]
    [InlineData("""{"from":"alice","to":7,"currency":"EUR","amount":1}""", "$.to", "a string was expected")]
    [InlineData("""{"from":"alice","to":"bob","currency":"EUR","amount":1,"note":"x"}""", "$.note", "'note'")]
    [InlineData("""{"from":"alice","to":"bob","currency":"EUR"}""", "$", "'amount'")]
    [InlineData("""{"from":"alice",""", "$", "end of data")]
    [InlineData("null", "$", "null")]
    public async Task A_malformed_body_is_refused_by_field(string json, string field, string detail)
    {
        var answer = await _bank.PostAsync("/transfers", json);
        Assert.Contains(detail, answer.Problem(400), StringComparison.Ordinal);
        Assert.Equal(field, answer.Text("field"));
    }

    [Theory]
    [InlineData(null, "is required")]
    [InlineData("", "must hold one GUID")]
    [InlineData("seven", "must hold one GUID")]
    [InlineData("00000000-0000-0000-0000-000000000000", "must hold one GUID")]
    public async Task A_command_without_a_proper_key_is_refused(string? key, string detail)
    {
        var request = Request(new StringContent("{}", null, "application/json"));
        request.Headers.Remove("Idempotency-Key");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        var problem = (await _bank.SendAsync(request)).Problem(400);
        Assert.StartsWith("The header 'Idempotency-Key'", problem, StringComparison.Ordinal);
        Assert.Contains(detail, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var answer = await _bank.SendAsync(Request(new StringContent("a=b", new MediaTypeHeaderValue("application/x-www-form-urlencoded"))));
        Assert.Equal("The content type must be application/json; it was 'application/x-www-form-urlencoded'.", answer.Problem(415));
    }

    [Theory]
    [InlineData("Content-Encoding", "gzip", "without a content encoding; it was 'gzip'")]
    [InlineData("Content-Type", "application/json; charset=utf-16", "in UTF-8; its charset was 'utf-16'")]
    public async Task A_body_in_another_encoding_is_refused(string header, string value, string detail)
    {
        var content = new StringContent("{}", null, "application/json");
        content.Headers.Remove(header);
        content.Headers.TryAddWithoutValidation(header, value);
        Assert.Contains(detail, (await _bank.SendAsync(Request(content))).Problem(415), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_body_is_refused()
    {
        var answer = await _bank.PostAsync("/transfers", new string(' ', 70_000) + "{}");
        Assert.Equal("The body is larger than 65536 bytes.", answer.Problem(413));
    }

    [Fact]
    public async Task A_malformed_expected_version_is_refused()
    {
        var request = Request(new StringContent("{}", null, "application/json"));
        request.Headers.TryAddWithoutValidation("If-Match", "\"x\"");
        Assert.StartsWith("The header 'If-Match'", (await _bank.SendAsync(request)).Problem(400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/accounts/nobody", "There is no account 'nobody'.")]
    [InlineData("/entries/5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001", "There is no entry '5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001'.")]
    [InlineData("/commands/5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001", "No command '5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001' has taken place.")]
    public async Task What_does_not_exist_is_not_found_by_name(string url, string detail) =>
        Assert.StartsWith(detail, (await _bank.GetAsync(url)).Problem(404), StringComparison.Ordinal);

    [Theory]
    [InlineData("/entries?limit=0", "'limit'")]
    [InlineData("/entries?limit=many", "'limit' must be a number from 1 to 1000; it was 'many'.")]
    [InlineData("/accounts/alice?at=soon", "'at' must be a version of the account, a number from 0 on; it was 'soon'.")]
    [InlineData("/accounts/alice?at=7", "version 7")]
    public async Task A_malformed_query_is_refused_by_name(string url, string detail) =>
        Assert.Contains(detail, (await _bank.GetAsync(url)).Problem(400), StringComparison.Ordinal);

    [Fact]
    public async Task A_page_that_does_not_exist_is_a_problem_too()
    {
        var answer = await _bank.GetAsync("/nowhere");
        Assert.Equal((404, "application/problem+json"), (answer.Status, answer.ContentType));
    }

    private static HttpRequestMessage Request(HttpContent content) => new(HttpMethod.Post, "/transfers")
    {
        Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        Content = content,
    };
}

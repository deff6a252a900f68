using System.Net;
using System.Text;
using Bank.Tests.Running;

namespace Bank.Tests.Http;

/// <summary>No request of a client makes the bank fail (5xx): it is refused (4xx) with a sentence.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private const string Opening = """{"account":"alice","currencies":["EUR"]}""";
    private const string Payment = """{"account":"alice","currency":"EUR","amount":"5"}""";
    private const string Moving = """{"from":"alice","to":"bob","currency":"EUR","amount":"5"}""";
    private const string Booking =
        """{"date":"2024-02-29","description":"x","legs":[{"account":"alice","amount":"5","currency":"EUR"},{"account":"bob","amount":"-5","currency":"EUR"}]}""";

    private static readonly (string Url, string Body)[] s_commands =
        [("/accounts", Opening), ("/deposits", Payment), ("/withdrawals", Payment), ("/transfers", Moving), ("/entries", Booking)];

    private RunningBank _bank = null!;

    public static TheoryData<string> Replacements =>
    [
        "null", "[null]", "[[]]", "[{}]", "{}", "[]", "7", "true", "\"\"", "\" \"", "1e400", "-1e400", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"",
        "\"\\udc00x\"", "\"\\u001b[2J\"", "\"\\u007f\"", new string('9', 400), "\"" + new string('x', 400) + "\"", "1e-28", "\"0.0000000000000000000000000001\"",
        new string('[', 200) + new string(']', 200), string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200),
        "[{\"account\":null,\"amount\":\"1\",\"currency\":\"EUR\"}]", "[{\"account\":\"a\",\"amount\":null,\"currency\":\"EUR\"}]",
        "[{\"account\":\"a\",\"amount\":\"1\",\"currency\":null}]", "[{\"account\":\"a\",\"amount\":\"1\"}]", "[{\"account\":\"a\",\"amount\":\"1\",\"currency\":[]}]",
    ];

    public async Task InitializeAsync() => _bank = await RunningBank.StartAsync();

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    /// <summary>One replacement for every field of every command, and for the body as a whole.</summary>
    [Theory]
    [MemberData(nameof(Replacements))]
    public async Task A_value_of_the_wrong_kind_in_any_field_is_refused_with_a_sentence(string value)
    {
        foreach (var (url, body) in s_commands)
        {
            foreach (var hostile in Replaced(body, value).Append(value))
            {
                var answer = await _bank.PostAsync(url, hostile);
                Assert.True(answer.Status < 500, $"{url} {hostile[..Math.Min(200, hostile.Length)]}: {answer.Status} {answer.Body}");
                if (answer.Status is not (200 or 201))
                    Assert.NotEmpty(answer.Problem(answer.Status));
            }
        }
        await AssertRunsAsync();
    }

    [Theory]
    [InlineData("""{"date":"2024-02-29","description":"x","legs":[null]}""", "$.legs[0]")]
    [InlineData("""{"date":"2024-02-29","description":"x","postings":[null]}""", "$.postings[0]")]
    [InlineData("""{"date":"2024-02-29","description":"x","legs":null}""", "$")]
    [InlineData("""{"date":"2024-02-29","description":"x"}""", "$")]
    [InlineData("""{"date":"2024-02-29","description":"x","legs":[],"postings":[]}""", "$")]
    [InlineData("""{"date":"2024-02-29","description":null,"legs":[]}""", "$.description")]
    [InlineData("""{"date":null,"description":"x","legs":[]}""", "$.date")]
    [InlineData("""{"date":"2024-02-30","description":"x","legs":[]}""", "$.date")]
    [InlineData("""{"date":"2024-02-29","description":"a\u0000b","legs":[]}""", "$.description")]
    [InlineData("""{"date":"2024-02-29","description":"a\u0007b","legs":[]}""", "$.description")]
    [InlineData("""{"date":"2024-02-29","description":"x","legs":[{"account":"a","amount":"1e-28","currency":"EUR"}]}""", "$.legs[0].amount")]
    [InlineData("""{"date":"2024-02-29","description":"x","legs":[{"account":"a","amount":0.0000000000001,"currency":"EUR"}]}""", "$.legs[0].amount")]
    public async Task A_malformed_entry_is_refused_by_field(string json, string field)
    {
        var answer = await _bank.PostAsync("/entries", json);
        Assert.NotEmpty(answer.Problem(400));
        Assert.Equal(field, answer.Text("field"));
    }

    [Theory]
    [InlineData("""{"account":"alice","currencies":[null]}""")]
    [InlineData("""{"account":"alice","currencies":null}""")]
    [InlineData("""{"account":"a\u0000","currencies":["EUR"]}""")]
    [InlineData("""{"account":"\ud83d","currencies":["EUR"]}""")]
    [InlineData("""{"account":"alice","currencies":["EUR\u0000"]}""")]
    [InlineData("""{"account":"alice","currencies":["EUR"],"\ud800":1}""")]
    public async Task A_malformed_account_is_a_bad_request(string json) =>
        Assert.NotEmpty((await _bank.PostAsync("/accounts", json)).Problem(400));

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_a_bad_request()
    {
        var bytes = Encoding.Latin1.GetBytes("""{"account":"f?","currencies":["EUR"]}""".Replace('?', '\u00fc'));
        var request = new HttpRequestMessage(HttpMethod.Post, "/accounts")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = new ByteArrayContent(bytes) { Headers = { { "Content-Type", "application/json" } } },
        };
        Assert.NotEmpty((await _bank.SendAsync(request)).Problem(400));
    }

    [Theory]
    [InlineData("/accounts/alice?at=-1")]
    [InlineData("/accounts/alice?at=99999999999999999999")]
    [InlineData("/accounts/a%1Fb")]
    [InlineData("/accounts/a%01b")]
    [InlineData("/accounts/%20")]
    [InlineData("/accounts?limit=0")]
    [InlineData("/accounts?limit=99999999999")]
    [InlineData("/accounts?after=%00")]
    [InlineData("/accounts?after=")]
    [InlineData("/entries?limit=-1")]
    [InlineData("/entries?before=%00")]
    [InlineData("/entries?before=")]
    [InlineData("/entries?before=2024-02-29")]
    [InlineData("/commands/00000000-0000-0000-0000-000000000000")]
    [InlineData("/entries/00000000-0000-0000-0000-000000000000")]
    [InlineData("/entries/seven")]
    public async Task A_malformed_path_or_query_is_refused(string url)
    {
        var answer = await _bank.GetAsync(url);
        Assert.Equal(("application/problem+json", true), (answer.ContentType, answer.Status is 400 or 404));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"-1\"")]
    [InlineData("*")]
    [InlineData("W/\"1\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("\" 1\"")]
    public async Task A_malformed_version_is_a_bad_request(string version)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/deposits")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = new StringContent(Payment, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", version);
        Assert.StartsWith("The header 'If-Match'", (await _bank.SendAsync(request)).Problem(400), StringComparison.Ordinal);
    }

    /// <summary>The body with each of its values, in turn, replaced.</summary>
    private static IEnumerable<string> Replaced(string body, string value)
    {
        var fields = new[] { "account", "currencies", "from", "to", "currency", "amount", "date", "description", "legs" };
        foreach (var field in fields.Where(field => body.Contains($"\"{field}\":", StringComparison.Ordinal)))
        {
            var start = body.IndexOf($"\"{field}\":", StringComparison.Ordinal) + field.Length + 3;
            yield return body[..start] + value + body[End(body, start)..];
        }
    }

    private static int End(string body, int start)
    {
        var depth = 0;
        for (var i = start; ; i++)
        {
            if (depth == 0 && (body[i] is ',' or '}'))
                return i;
            depth += body[i] is '[' or '{' ? 1 : body[i] is ']' or '}' ? -1 : 0;
        }
    }

    private async Task AssertRunsAsync() => Assert.Equal(HttpStatusCode.OK, (await _bank.Client.Http.GetAsync(new Uri("/stats", UriKind.Relative))).StatusCode);
}

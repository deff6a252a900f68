using Bank.Tests.Running;

namespace Bank.Tests.Http;

/// <summary>Accounts and entries as resources: where they are created, how they are listed, and their headers alone.</summary>
public sealed class ResourceTests : IAsyncLifetime
{
    private RunningBank _bank = null!;

    public async Task InitializeAsync()
    {
        _bank = await RunningBank.StartAsync();
        foreach (var name in new[] { "alice", "bob", "carol" })
            await _bank.PostAsync("/accounts", $$"""{"account":"{{name}}","currencies":["EUR","USD"]}""");
    }

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Theory]
    [InlineData("dave")]
    [InlineData("Assets:US:ETrade")]
    [InlineData("a b/c d?e#f%20")]
    [InlineData("f\u00fcr \u2603")]
    public async Task A_new_account_is_created_where_it_can_be_read(string name)
    {
        var (key, json) = (Guid.NewGuid(), $$"""{"account":"{{name}}","currencies":["EUR"]}""");
        var answer = await _bank.PostAsync("/accounts", json, key);
        Assert.Equal(201, answer.Status);
        Assert.Equal(name, (await _bank.GetAsync(answer.Response.Headers.Location!.OriginalString)).Text("account"));
        Assert.Equal(201, (await _bank.PostAsync("/accounts", json, key)).Status);
    }

    [Theory]
    [InlineData("legs")]
    [InlineData("postings")]
    public async Task A_new_entry_is_created_where_it_can_be_read(string name)
    {
        var answer = await _bank.PostAsync("/entries", $$"""
            {"date":"2024-02-29","description":"Lunch","{{name}}":[
              {"account":"alice","amount":"0.125","currency":"EUR"},{"account":"bob","amount":"-0.125","currency":"EUR"}]}
            """);
        Assert.Equal(201, answer.Status);
        var entry = await _bank.GetAsync(answer.Response.Headers.Location!.OriginalString);
        Assert.Equal("0.125", entry.Body.GetProperty("legs")[0].GetProperty("amount").GetString());
    }

    [Fact]
    public async Task Accounts_are_listed_by_name_in_pages()
    {
        await _bank.PostAsync("/deposits", """{"account":"carol","currency":"USD","amount":"7.50"}""");
        await _bank.SeesAsync("/balances", body => body.GetArrayLength() == 6 && body[5].GetProperty("amount").GetString() == "7.50");

        var first = (await _bank.GetAsync("/accounts?limit=2")).Body;
        Assert.Equal(["alice", "bob"], first.GetProperty("accounts").EnumerateArray().Select(row => row.GetProperty("account").GetString()));
        Assert.Equal("bob", first.GetProperty("after").GetString());

        var last = (await _bank.GetAsync("/accounts?limit=2&after=bob")).Body;
        var carol = Assert.Single(last.GetProperty("accounts").EnumerateArray());
        Assert.Equal(["0 EUR", "7.50 USD"], carol.GetProperty("balances").EnumerateArray()
            .Select(money => $"{money.GetProperty("amount").GetString()} {money.GetProperty("currency").GetString()}"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, last.GetProperty("after").ValueKind);
    }

    [Theory]
    [InlineData("/accounts")]
    [InlineData("/accounts/alice")]
    [InlineData("/balances")]
    [InlineData("/entries")]
    [InlineData("/stats")]
    [InlineData("/")]
    [InlineData("/accounts/nobody")]
    public async Task Head_answers_like_get_without_the_body(string url)
    {
        using var get = await _bank.Client.Http.GetAsync(new Uri(url, UriKind.Relative));
        using var head = await _bank.Client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType?.MediaType, head.Content.Headers.ContentType?.MediaType);
        Assert.Equal(get.Headers.ETag?.Tag, head.Headers.ETag?.Tag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Recent_entries_are_listed_by_date_in_pages()
    {
        foreach (var date in new[] { "2024-02-29", "2031-01-01", "2024-03-01", "1999-12-31" })
        {
            await _bank.PostAsync("/entries", $$"""
                {"date":"{{date}}","description":"{{date}}","legs":[
                  {"account":"alice","amount":"1","currency":"EUR"},{"account":"bob","amount":"-1","currency":"EUR"}]}
                """);
        }
        await _bank.SeesAsync("/entries", body => body.GetProperty("entries").GetArrayLength() == 4);
        var dates = new List<string?>();
        for (string? before = ""; before is not null;)
        {
            var page = (await _bank.GetAsync($"/entries?limit=1{before}")).Body;
            dates.Add(page.GetProperty("entries")[0].GetProperty("date").GetString());
            before = page.GetProperty("before").GetString() is { } next ? $"&before={next}" : null;
        }
        Assert.Equal(["2031-01-01", "2024-03-01", "2024-02-29", "1999-12-31"], dates);
    }
}

using Bank.Tests.Running;

namespace Bank.Tests.Http;

public sealed class CommandTests : IAsyncLifetime
{
    private RunningBank _bank = null!;

    public async Task InitializeAsync()
    {
        _bank = await RunningBank.StartAsync();
        await _bank.PostAsync("/accounts", """{"account":"alice","currencies":["EUR","USD"]}""");
        await _bank.PostAsync("/accounts", """{"account":"bob","currencies":["EUR"]}""");
        await _bank.PostAsync("/deposits", """{"account":"alice","currency":"EUR","amount":"100.00"}""");
    }

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Fact]
    public async Task A_transfer_is_visible_immediately_on_both_accounts()
    {
        var answer = await _bank.PostAsync("/transfers", """{"from":"alice","to":"bob","currency":"EUR","amount":30.10}""");

        Assert.Equal((200, "accepted"), (answer.Status, answer.Text("outcome")));
        Assert.Equal("69.90", await BalanceAsync("alice"));
        Assert.Equal("30.10", await BalanceAsync("bob"));
    }

    [Fact]
    public async Task A_withdrawal_lowers_the_balance()
    {
        await _bank.PostAsync("/withdrawals", """{"account":"alice","currency":"EUR","amount":"0.01"}""");
        Assert.Equal("99.99", await BalanceAsync("alice"));
    }

    [Fact]
    public async Task J5_same_command_id_twice_has_one_effect()
    {
        var key = Guid.NewGuid();
        var first = await _bank.PostAsync("/deposits", """{"account":"bob","currency":"EUR","amount":"5"}""", key);
        var second = await _bank.PostAsync("/deposits", """{"account":"bob","currency":"EUR","amount":"5"}""", key);

        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
        Assert.Equal("5", await BalanceAsync("bob"));
        Assert.Equal(first.Body.GetRawText(), (await _bank.GetAsync($"/commands/{key}")).Body.GetRawText());
    }

    [Fact]
    public async Task An_entry_is_recorded_with_all_postings_and_opens_accounts()
    {
        var key = Guid.NewGuid();
        var answer = await _bank.PostAsync("/entries", """
            {"date":"2024-02-29","description":"Lunch","legs":[
              {"account":"Expenses:Food","amount":"12.5","currency":"EUR"},{"account":"alice","amount":"-12.5","currency":"EUR"}]}
            """, key);

        Assert.Equal(201, answer.Status);
        Assert.Equal("12.5", await BalanceAsync("Expenses:Food"));
        Assert.Equal("Lunch", (await _bank.GetAsync($"/entries/{key}")).Text("description"));
    }

    [Fact]
    public async Task An_account_can_be_read_as_it_was()
    {
        var answer = await _bank.GetAsync("/accounts/alice?at=1");
        Assert.Equal("0", answer.Body.GetProperty("balances")[0].GetProperty("amount").GetString());
        Assert.Equal("\"1\"", answer.Response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task A_command_for_an_older_version_fails_its_precondition()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/deposits")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() }, { "If-Match", "\"1\"" } },
            Content = new StringContent("""{"account":"alice","currency":"EUR","amount":"5"}""", null, "application/json"),
        };
        var answer = await _bank.SendAsync(request);

        Assert.Equal("'account/alice' is at version 2, not at the expected one.", answer.Problem(412));
        Assert.Equal(("account/alice", "2"), (answer.Text("stream"), answer.Text("version")));
        Assert.Equal("100.00", await BalanceAsync("alice"));
    }

    [Theory]
    [InlineData("/withdrawals", """{"account":"alice","currency":"EUR","amount":"100.01"}""", "insufficient-funds")]
    [InlineData("/transfers", """{"from":"alice","to":"bob","currency":"EUR","amount":"100.01"}""", "insufficient-funds")]
    [InlineData("/transfers", """{"from":"alice","to":"bob","currency":"EUR","amount":"-5"}""", "invalid-amount")]
    [InlineData("/deposits", """{"account":"alice","currency":"EUR","amount":"-5"}""", "invalid-amount")]
    [InlineData("/deposits", """{"account":"alice","currency":"GBP","amount":"5"}""", "unknown-currency")]
    [InlineData("/transfers", """{"from":"alice","to":"nobody","currency":"EUR","amount":"5"}""", "not-found")]
    [InlineData("/deposits", """{"account":"nobody","currency":"EUR","amount":"5"}""", "not-found")]
    [InlineData("/accounts", """{"account":"alice","currencies":["EUR"]}""", "already-open")]
    [InlineData("/entries", """{"date":"2024-02-29","description":"","legs":[{"account":"alice","amount":"5","currency":"EUR"}]}""", "unbalanced")]
    public async Task What_a_rule_forbids_is_rejected_with_its_reason_and_changes_nothing(string url, string json, string reason)
    {
        var answer = await _bank.PostAsync(url, json);
        Assert.NotEmpty(answer.Problem(422));
        Assert.Equal(("rejected", reason), (answer.Text("outcome"), answer.Text("reason")));
        Assert.Equal("100.00", await BalanceAsync("alice"));
    }

    [Fact]
    public async Task J10_a_transfer_that_names_an_account_twice_is_refused_by_name()
    {
        var answer = await _bank.PostAsync("/transfers", """{"from":"alice","to":"alice","currency":"EUR","amount":"5"}""");
        Assert.InRange(answer.Status, 400, 422);
        Assert.Contains("account/alice", answer.Problem(answer.Status), StringComparison.Ordinal);
        Assert.Equal("100.00", await BalanceAsync("alice"));
    }

    private async Task<string?> BalanceAsync(string account)
    {
        var answer = await _bank.GetAsync($"/accounts/{account}");
        return answer.Body.GetProperty("balances").EnumerateArray()
            .Single(money => money.GetProperty("currency").GetString() == "EUR").GetProperty("amount").GetString();
    }
}

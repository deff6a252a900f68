using Bank.Tests.Running;

namespace Bank.Tests.Http;

/// <summary>No single amount may take from an account the room for others.</summary>
public sealed class AmountLimitTests : IAsyncLifetime
{
    private const string Smallest = "0.0000000000000000000000000001";
    private RunningBank _bank = null!;

    public async Task InitializeAsync()
    {
        _bank = await RunningBank.StartAsync();
        await _bank.PostAsync("/accounts", """{"account":"alice","currencies":["EUR","JPY","KWD","FUND"]}""");
        await _bank.PostAsync("/accounts", """{"account":"bob","currencies":["EUR","JPY","KWD","FUND"]}""");
    }

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Theory]
    [InlineData("EUR", Smallest, "an amount of EUR has at most 2 decimals; it was 0.0000000000000000000000000001")]
    [InlineData("EUR", "0.001", "at most 2 decimals")]
    [InlineData("JPY", "0.5", "at most 0 decimals")]
    [InlineData("KWD", "0.0001", "at most 3 decimals")]
    [InlineData("FUND", "0.0000000000001", "at most 12 decimals")]
    [InlineData("EUR", "79228162514264337593543950335", "an amount is at most 999999999999999.999999999999; it was 79228162514264337593543950335")]
    [InlineData("FUND", "1000000000000000", "an amount is at most")]
    public async Task A_payment_that_is_too_fine_or_too_large_is_refused_and_leaves_room_for_others(string currency, string amount, string problem)
    {
        foreach (var (url, json) in Payments(currency, amount))
        {
            var answer = await _bank.PostAsync(url, json);
            Assert.Contains(problem, answer.Problem(400), StringComparison.Ordinal);
            Assert.Equal("$.amount", answer.Text("field"));
        }
        Assert.Equal(200, (await DepositAsync(currency, "1000000")).Status);
        Assert.Equal(200, (await DepositAsync(currency, "1")).Status);
    }

    [Theory]
    [InlineData("EUR", "0.01")]
    [InlineData("EUR", "1.0000000000000000000000000000")]
    [InlineData("JPY", "5.00")]
    [InlineData("KWD", "0.001")]
    [InlineData("FUND", "0.000000000001")]
    [InlineData("FUND", "999999999999999.999999999999")]
    public async Task An_amount_that_fits_is_taken_and_leaves_room_for_others(string currency, string amount)
    {
        Assert.Equal(200, (await DepositAsync(currency, amount)).Status);
        Assert.Equal(200, (await DepositAsync(currency, "1000000")).Status);
        foreach (var (url, json) in Payments(currency, amount))
            Assert.Equal(200, (await _bank.PostAsync(url, json)).Status);
    }

    private Task<Answer> DepositAsync(string currency, string amount) =>
        _bank.PostAsync("/deposits", $$"""{"account":"alice","currency":"{{currency}}","amount":"{{amount}}"}""");

    private static IEnumerable<(string Url, string Json)> Payments(string currency, string amount)
    {
        yield return ("/deposits", $$"""{"account":"alice","currency":"{{currency}}","amount":"{{amount}}"}""");
        yield return ("/transfers", $$"""{"from":"alice","to":"bob","currency":"{{currency}}","amount":{{amount}}}""");
        yield return ("/withdrawals", $$"""{"account":"bob","currency":"{{currency}}","amount":"{{amount}}"}""");
    }
}

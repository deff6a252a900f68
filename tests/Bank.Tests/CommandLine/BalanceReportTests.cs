using Bank.Accounts;
using Bank.Amounts;
using Bank.CommandLine;
using Bank.ReadModels;

namespace Bank.Tests.CommandLine;

public sealed class BalanceReportTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task Csv_has_every_digit_and_quotes_what_needs_it()
    {
        await BalanceReport.WriteCsvAsync(Rows(("a", -1234.50m, "$"), ("b, \"c\"", 0.00m, "EUR")), _output);
        Assert.Equal("account,currency,balance\na,$,-1234.50\n\"b, \"\"c\"\"\",EUR,0.00\n", _output.ToString());
    }

    [Theory]
    [InlineData("=1+2", "\"'=1+2\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")]
    [InlineData("=\"x\",1", "\"'=\"\"x\"\",1\"")]
    [InlineData("\uff1d1", "\"'\uff1d1\"")]
    [InlineData("'=1", "\"''=1\"")]
    [InlineData("a;=1", "\"a;=1\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("a-b", "a-b")]
    public async Task Csv_shows_no_name_to_a_spreadsheet_as_a_formula(string name, string cell)
    {
        await BalanceReport.WriteCsvAsync(Rows((name, -5m, "EUR")), _output);
        Assert.Equal($"account,currency,balance\n{cell},EUR,-5\n", _output.ToString());
    }

    [Fact]
    public async Task Csv_shows_no_currency_to_a_spreadsheet_as_a_formula()
    {
        await BalanceReport.WriteCsvAsync(Rows(("a", 5m, "=1")), _output);
        Assert.Equal("account,currency,balance\na,\"'=1\",5\n", _output.ToString());
    }

    [Fact]
    public async Task The_table_leaves_out_zeros_and_aligns_the_rest()
    {
        await BalanceReport.WriteTableAsync(Rows(("a", -1234.50m, "$"), ("bank", 7m, "$"), ("c", 0m, "$")), _output);
        Assert.Equal("a     -1,234.50 $\nbank          7 $\n", _output.ToString());
    }

    [Fact]
    public async Task The_summary_survives_sums_that_do_not_fit()
    {
        await BalanceReport.WriteSummaryAsync(Rows(("a", decimal.MaxValue, "$"), ("b", 1m, "$"), ("c", -2m, "$")), _output);
        Assert.StartsWith("3 accounts in 1 currencies\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("too large", _output.ToString(), StringComparison.Ordinal);
    }

    private static IAsyncEnumerable<Balance> Rows(params (string Account, decimal Amount, string Currency)[] rows) =>
        rows.Select(row => new Balance(new AccountId(row.Account), new Currency(row.Currency), row.Amount)).ToAsyncEnumerable();
}

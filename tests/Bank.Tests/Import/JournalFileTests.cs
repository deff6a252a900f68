using Bank.Accounts;
using Bank.Amounts;
using Bank.Entries;

namespace Bank.Tests.Import;

public sealed class JournalFileTests
{
    [Fact]
    public async Task Padded_rows_of_bean_query_become_one_post_for_each_id()
    {
        var file = await Journal.BeancountAsync("x Assets:A 10.50 USD", "y Assets:A 1 USD", "x Assets:B -10.50 USD", "y Assets:B -1 USD");

        Assert.Equal(2, file.Entries.Count);
        var post = file.Entries[0].Post;
        Assert.Equal((new DateOnly(2024, 2, 29), "Payee | Narration"), (post.Date, post.Description));
        Assert.Equal([PostingOf("Assets:A", 10.50m, "USD"), PostingOf("Assets:B", -10.50m, "USD")], post.Postings);
        Assert.Equal(2, file.Entries[0].Place.Row);
    }

    [Fact]
    public async Task Rows_of_hledger_become_one_post_for_each_txnidx()
    {
        var file = await Journal.HledgerAsync("1 a 5.00 $", "1 b -5.00 $", "2 a 1,25 EUR", "2 b -1,25 EUR");
        Assert.Equal([PostingOf("a", 1.25m, "EUR"), PostingOf("b", -1.25m, "EUR")], file.Entries[1].Post.Postings);
    }

    [Fact]
    public async Task A_comma_of_hledger_is_always_the_decimal_mark()
    {
        var file = await Journal.HledgerAsync("1 a 1,250 EUR", "1 b -1,250 EUR");
        Assert.Equal(1.250m, file.Entries[0].Post.Postings[0].Amount);
    }

    [Fact]
    public async Task Balanced_virtual_postings_of_hledger_are_postings()
    {
        var file = await Journal.HledgerAsync("1 [budget:food] 5 $", "1 [budget:free] -5 $");
        Assert.Equal(new AccountId("budget:food"), file.Entries[0].Post.Postings[0].Account);
    }

    [Fact]
    public async Task An_amount_of_hledger_without_commodity_is_counted_in_no_currency()
    {
        var file = await Journal.HledgerAsync("1 a 1,000 ", "1 b -1,000 ", "2 a 5,000 ", "2 b -5,000 ");
        Assert.Equal([PostingOf("a", 1m, "XXX"), PostingOf("b", -1m, "XXX")], file.Entries[0].Post.Postings);
        Assert.Equal(5m, file.Entries[1].Post.Postings[0].Amount);
    }

    [Theory]
    [InlineData("Decimal('9.768')", "9.768")]
    [InlineData("Decimal('-9.7680')", "-9.7680")]
    [InlineData("Decimal('1E+3')", "1000")]
    [InlineData("Decimal('1.25E+1')", "12.5")]
    [InlineData("Decimal('1E-7')", "0.0000001")]
    [InlineData("Decimal('-12E-1')", "-1.2")]
    [InlineData("Decimal('0E-8')", "0.00000000")]
    [InlineData("9.768", "9.768")]
    public async Task Numbers_of_str_have_every_digit(string cell, string number)
    {
        var file = await Journal.BeancountAsync($"x A {cell} FUND", "x B 1 USD");
        Assert.Equal(number, ExactDecimal.Text(file.Entries[0].Post.Postings[0].Amount));
    }

    [Fact]
    public async Task A_column_that_looks_cut_is_noted_with_the_way_to_export_it_whole()
    {
        var cut = await Journal.BeancountAsync("x A 9.76 FUND", "x B -97.60 USD", "y A 2.97 FUND", "y B -29.70 USD");
        Assert.Equal(
            "f.csv: the column 'number' looks cut. It has no amount of more than 2 decimals, and 2 such as '9.76 FUND' in row 2 may have had more. "
            + "Export with 'str(number) as number' to import every digit.", Assert.Single(cut.Notes));
    }

    [Theory]
    [InlineData("x A Decimal('9.76') FUND", "x B Decimal('-97.60') USD")]
    [InlineData("x A 10 USD", "x B -10 USD")]
    [InlineData("x A 9.76 USD", "x B -9.76 USD")]
    [InlineData("x A 2 FUND", "x B -97.60 USD")]
    public async Task A_column_that_is_whole_is_not_noted(params string[] rows) =>
        Assert.Empty((await Journal.BeancountAsync(rows)).Notes);

    [Fact]
    public async Task A_zero_without_commodity_is_no_posting()
    {
        var file = await Journal.HledgerAsync("1 a 5 $", "1 b -5 $", "1 c 0 ");
        Assert.Equal(2, file.Entries[0].Post.Postings.Count);
    }

    [Fact]
    public async Task A_purchase_at_cost_is_balanced_on_conversions_in_each_currency_that_needs_it()
    {
        var file = await Journal.BeancountAsync("x Assets:Broker 2 GLD", "x Assets:Cash -200 USD", "x Assets:Eur 5 EUR", "x Equity:Eur -5 EUR");

        var postings = file.Entries[0].Post.Postings;
        Assert.Equal([PostingOf("Equity:Conversions", -2, "GLD"), PostingOf("Equity:Conversions", 200, "USD")], postings.Skip(4));
        Assert.All(Residuals.Of(postings), money => Assert.Equal(0m, money.Amount));
    }

    [Fact]
    public async Task The_same_content_has_the_same_ids_wherever_it_stands()
    {
        var first = await Journal.BeancountAsync("x A 1.0 USD", "x B -1.0 USD", "y A 2 USD", "y B -2 USD");
        var second = await Journal.BeancountAsync("1 A 2.00 USD", "1 B -2.00 USD", "2 B -1 USD", "2 A 1 USD");
        Assert.Equal(first.Entries.Select(entry => entry.Post.Entry), second.Entries.Select(entry => entry.Post.Entry).Reverse());
    }

    [Fact]
    public async Task Equal_transactions_of_one_file_are_different_entries()
    {
        var file = await Journal.BeancountAsync("x A 1 USD", "x B -1 USD", "y A 1 USD", "y B -1 USD");
        Assert.NotEqual(file.Entries[0].Post.Entry, file.Entries[1].Post.Entry);
    }

    [Fact]
    public async Task A_file_with_a_header_only_is_empty() =>
        Assert.Empty((await Journal.ReadAsync(Journal.BeancountHeader)).Entries);

    private static Posting PostingOf(string account, decimal amount, string currency) => new(new AccountId(account), amount, new Currency(currency));
}

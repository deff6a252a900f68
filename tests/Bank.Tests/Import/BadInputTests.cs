using Bank.Import;

namespace Bank.Tests.Import;

/// <summary>Each names file, row and field.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("x A ten USD", "f.csv, row 2, field 'number': 'ten' is not a number.")]
    [InlineData("x A  USD", "f.csv, row 2, field 'number': it is empty.")]
    [InlineData("x A 1 ", "f.csv, row 2, field 'currency': a currency must not be empty.")]
    [InlineData("x  1 USD", "f.csv, row 2, field 'account': an account name must not be empty.")]
    [InlineData(" A 1 USD", "f.csv, row 2, field 'id': it is empty.")]
    [InlineData("x A 1 THIS-IS-NOT-A-CURRENCY-OF-ANY-KIND", "f.csv, row 2, field 'currency': a currency has 34 characters; at most 32 are allowed.")]
    [InlineData("x A 0.00000000000000000000000000001 USD", "f.csv, row 2, field 'number': '0.00000000000000000000000000001' has more digits than an exact decimal holds.")]
    public async Task A_malformed_cell_of_bean_query_is_named(string row, string message) =>
        Assert.Equal(message, await ErrorAsync(() => Journal.BeancountAsync(row)));

    [Theory]
    [InlineData("1 a 1.234,50 EUR", "f.csv, row 2, field 'amount': '1.234,50' has more than one decimal mark; write it without digit groups.")]
    [InlineData("1 (budget) 5 $", "f.csv, row 2, field 'account': '(budget)' is an unbalanced virtual posting; leave them out with 'hledger print --real -O csv'.")]
    [InlineData(" a 5 $", "f.csv, row 2, field 'txnidx': it is empty.")]
    public async Task A_malformed_cell_of_hledger_is_named(string row, string message) =>
        Assert.Equal(message, await ErrorAsync(() => Journal.HledgerAsync(row)));

    [Theory]
    [InlineData("x,2024-02-30,*,,n,A,1,USD", "f.csv, row 2, field 'date': '2024-02-30' is not a date such as 2024-02-29.")]
    [InlineData("x,29.02.2024,*,,n,A,1,USD", "f.csv, row 2, field 'date': '29.02.2024' is not a date such as 2024-02-29.")]
    [InlineData("x,2024-02-29,*,,n,A,1", "f.csv, row 2: it has 7 cells where the header has 8.")]
    [InlineData("x,2024-02-29,*,,n,A,1,USD,more", "f.csv, row 2: it has 9 cells where the header has 8.")]
    [InlineData("x,2024-02-29,*,,n,A,1,USD\nx,2024-03-01,*,,n,B,-1,USD", "f.csv, row 3, field 'date': transaction x has another date in row 2.")]
    [InlineData("x,2024-02-29,*,,n,A,1,USD\nx,2024-02-29,*,,m,B,-1,USD", "f.csv, row 3: transaction x has another description in row 2.")]
    public async Task A_malformed_row_is_named(string rows, string message) =>
        Assert.Equal(message, await ErrorAsync(() => Journal.ReadAsync(Journal.BeancountHeader + rows)));

    [Theory]
    [InlineData("x A 0.0000000000000000000000000001 EUR", "field 'number': an amount of EUR has at most 12 decimals; it was 0.0000000000000000000000000001.")]
    [InlineData("x A Decimal('0.0000000000001') FUND", "field 'number': an amount of FUND has at most 12 decimals; it was 0.0000000000001.")]
    [InlineData("x A 1000000000000000 EUR", "field 'number': an amount is at most 999999999999999.999999999999; it was 1000000000000000.")]
    [InlineData("x A Decimal('NaN') FUND", "field 'number': 'NaN' is not a number.")]
    [InlineData("x A Decimal('1E+90') FUND", "field 'number': '1E+90' has an exponent; write out its digits.")]
    public async Task An_amount_beyond_the_limits_is_named(string row, string problem) =>
        Assert.Equal($"f.csv, row 2, {problem}", await ErrorAsync(() => Journal.BeancountAsync(row)));

    [Theory]
    [InlineData("a\0b", "U+0000 at position 2")]
    [InlineData("\u0001", "U+0001 at position 1")]
    [InlineData("abc\u001b[2J", "U+001B at position 4")]
    [InlineData("\u007f", "U+007F at position 1")]
    [InlineData("a\u0085b", "U+0085 at position 2")]
    public async Task A_control_character_in_a_description_is_named_by_its_row(string text, string problem)
    {
        var row = $"x,2024-02-29,*,,{text},A,1,USD\nx,2024-02-29,*,,{text},B,-1,USD\n";
        Assert.Equal($"f.csv, row 2, field 'narration': the text holds the control character {problem}.",
            await ErrorAsync(() => Journal.ReadAsync(Journal.BeancountHeader + row)));
        Assert.Contains("row 2, field 'account': an account name holds a control character",
            await ErrorAsync(() => Journal.ReadAsync($"{Journal.BeancountHeader}x,2024-02-29,*,,n,A{text}B,1,USD\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_of_several_lines_is_kept_as_it_is()
    {
        const string Cells = "x,2024-02-29,*,,\"one\n\ttwo\"";
        var file = await Journal.ReadAsync($"{Journal.BeancountHeader}{Cells},A,1,USD\n{Cells},B,-1,USD\n");
        Assert.Equal("one\n\ttwo", file.Entries[0].Post.Description);
    }

    [Fact]
    public async Task An_entry_in_one_currency_that_does_not_sum_to_zero_is_named_by_its_first_row() => Assert.Equal(
        "f.csv, row 4: the transaction 'Payee | Narration' does not sum to zero; 0.01 USD are left over.",
        await ErrorAsync(() => Journal.BeancountAsync("x A 1 USD", "x B -1 USD", "y A 1.01 USD", "y B -1 USD")));

    [Fact]
    public async Task An_entry_that_cannot_be_summed_exactly_is_named() => Assert.StartsWith(
        "f.csv, row 2: the transaction 'Payee | Narration' cannot be summed exactly: ",
        await ErrorAsync(() => Journal.BeancountAsync([.. Enumerable.Repeat("x A 999999999999999.999999999999 FUND", 100)])), StringComparison.Ordinal);

    [Fact]
    public async Task An_entry_over_too_many_accounts_is_named()
    {
        var rows = Enumerable.Range(0, 500).SelectMany(i => new[] { $"x A{i} 1 USD", $"x B{i} -1 USD" }).ToArray();
        Assert.Equal(
            "f.csv, row 2: the transaction 'Payee | Narration' touches 1000 accounts; at most 999 are allowed.",
            await ErrorAsync(() => Journal.BeancountAsync(rows)));
    }

    [Theory]
    [InlineData("", "f.csv, row 1: the file is empty; a header was expected.")]
    [InlineData("id,id\n", "f.csv, row 1: the header names a column twice.")]
    [InlineData("a,b\n1,2\n", "f.csv, row 1: the header 'a,b' is unknown; expected the columns of ")]
    public async Task A_file_that_is_no_journal_is_refused(string text, string message) =>
        Assert.StartsWith(message, await ErrorAsync(() => Journal.ReadAsync(text)), StringComparison.Ordinal);

    private static async Task<string> ErrorAsync(Func<Task> read) => (await Assert.ThrowsAsync<JournalFormatException>(read)).Message;
}

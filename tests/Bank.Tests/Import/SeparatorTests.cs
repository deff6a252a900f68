using System.Text;
using Bank.Amounts;
using Bank.Import;

namespace Bank.Tests.Import;

/// <summary>Files that went through a spreadsheet or another converter: other separators, other decimal marks, other line ends.</summary>
public sealed class SeparatorTests
{
    [Theory]
    [InlineData(";", "\n")]
    [InlineData("\t", "\n")]
    [InlineData(";", "\r\n")]
    [InlineData("\t", "\r\n")]
    [InlineData(",", "\r\n")]
    public async Task The_header_shows_the_separator(string separator, string lineEnd)
    {
        var comma = await Journal.HledgerAsync("1 a 5 EUR", "1 b -5 EUR");
        foreach (var start in new[] { "", "\uFEFF", $"sep={separator}\n", "\n\n" })
        {
            var text = start + Journal.HledgerText("1 a 5 EUR", "1 b -5 EUR").Replace("\",\"", $"\"{separator}\"", StringComparison.Ordinal)
                .Replace("\n", lineEnd, StringComparison.Ordinal);
            var file = await Journal.ReadAsync(text);
            Assert.Equal(comma.Entries[0].Post.Entry, Assert.Single(file.Entries).Post.Entry);
            Assert.Equal(comma.Entries[0].Post.Postings, file.Entries[0].Post.Postings);
        }
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public async Task Cells_without_quotes_may_hold_the_other_separators(char separator)
    {
        var text = "id,date,flag,payee,narration,account,number,currency\nx,2024-02-29,*,,N,A,1.50,USD\nx,2024-02-29,*,,N,B,-1.50,USD\n"
            .Replace(',', separator).Replace("N", "one, two", StringComparison.Ordinal);
        Assert.Equal("one, two", Assert.Single((await Journal.ReadAsync(text)).Entries).Post.Description);
    }

    [Theory]
    [InlineData("1,25", "1.25")]
    [InlineData("-1234,5", "-1234.5")]
    [InlineData("0,125", "0.125")]
    [InlineData("1234,567", "1234.567")]
    [InlineData("1,2345", "1.2345")]
    [InlineData("12.5", "12.5")]
    [InlineData("7", "7")]
    [InlineData("Decimal('9.768')", "9.768")]
    public async Task A_comma_may_be_the_decimal_mark_between_semicolons(string cell, string number) =>
        Assert.Equal(number, ExactDecimal.Text(Assert.Single((await SemicolonsAsync($"{cell} F", "0 EUR")).Entries).Post.Postings[0].Amount));

    [Theory]
    [InlineData("1,250 F", "'1,250' has either three decimals or a thousands separator")]
    [InlineData("1.250 F", "'1.250' has either three decimals or a thousands separator")]
    [InlineData("-12,500 F", "'-12,500' has either three decimals or a thousands separator")]
    [InlineData("1.250,75 F", "'1.250,75' has more than one decimal mark")]
    [InlineData("1,250,750 F", "'1,250,750' has more than one decimal mark")]
    public async Task A_number_that_can_be_read_in_two_ways_is_refused_by_its_row(string row, string problem)
    {
        var error = await Assert.ThrowsAsync<JournalFormatException>(() => SemicolonsAsync(row));
        Assert.StartsWith($"f.csv, row 2, field 'number': {problem}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_the_currency_or_of_the_file_shows_the_decimal_mark()
    {
        var file = await SemicolonsAsync("1,250 F", "2,5 F");
        Assert.Equal(1.250m, file.Entries[0].Post.Postings[0].Amount);
        file = await SemicolonsAsync("1,250 F", "2,50 EUR");
        Assert.Equal(1.250m, file.Entries[0].Post.Postings[0].Amount);
        await Assert.ThrowsAsync<JournalFormatException>(() => SemicolonsAsync("1,250 F", "2.5 F"));
        var mixed = await Assert.ThrowsAsync<JournalFormatException>(() => SemicolonsAsync("1,25 F", "2.5 F"));
        Assert.Equal("f.csv, row 3, field 'number': '2.5' has another decimal mark than the amounts of F before it.", mixed.Message);
    }

    [Fact]
    public async Task A_comma_is_no_decimal_mark_of_bean_query_between_commas_or_tabs()
    {
        foreach (var separator in new[] { ',', '\t' })
        {
            var text = Journal.BeancountHeader.Replace(',', separator) + string.Join(separator, "x", "2024-02-29", "*", "", "n", "A", "\"1,25\"", "USD");
            var error = await Assert.ThrowsAsync<JournalFormatException>(() => Journal.ReadAsync(text));
            Assert.Equal("f.csv, row 2, field 'number': '1,25' is not a number.", error.Message);
        }
    }

    [Fact]
    public async Task A_file_in_UTF_16_is_read()
    {
        var text = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Journal.HledgerText("1 a 5 EUR", "1 b -5 EUR"))).ToArray();
        Assert.Single((await JournalFile.ReadAsync(new MemoryStream(text), "f.csv")).Entries);
    }

    /// <summary>Rows of bean-query between semicolons: number, currency.</summary>
    private static Task<JournalFile> SemicolonsAsync(params string[] rows) =>
        Journal.ReadAsync(Journal.BeancountHeader.Replace(',', ';') + string.Concat(rows.Select(row =>
            $"x;2024-02-29;*;;n;A;{row.Replace(' ', ';')}\n")) + "x;2024-02-29;*;;n;Other;1;OTHER\n");
}

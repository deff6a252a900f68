using System.Text;
using Bank.Import;

namespace Bank.Tests.Import;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\r1,2")]
    [InlineData("a,b\n\n\r\n1,2")]
    [InlineData("\uFEFFa,b\n1,2")]
    [InlineData(" a ,b  \n \"1\" , \"2 \"\n")]
    public async Task Line_ends_padding_and_empty_lines_make_no_difference(string text)
    {
        var records = await ReadAsync(text);
        Assert.Equal([["a", "b"], ["1", "2"]], records.Select(record => record.Cells));
    }

    [Fact]
    public async Task A_quoted_cell_may_hold_commas_quotes_and_line_ends()
    {
        var records = await ReadAsync("x,\"a, \"\"b\"\"\r\nc\",\"\"\n1,2,3");
        Assert.Equal(["x", "a, \"b\"\r\nc", ""], records[0].Cells);
        Assert.Equal(3, records[1].Place.Row);
    }

    [Fact]
    public async Task Empty_cells_are_cells() =>
        Assert.Equal([["", "", ""]], (await ReadAsync(",,\n")).Select(record => record.Cells));

    [Theory]
    [InlineData("a\nb,\"c\nd", "f.csv, row 2: a quoted cell is never closed.")]
    [InlineData("a\n\"b\"c\n", "f.csv, row 2: cell 1 has text after its closing quote.")]
    [InlineData("a\n1,b\"c\n", "f.csv, row 2: cell 2 has a quote in the wrong place.")]
    public async Task A_malformed_row_is_named(string text, string message)
    {
        var error = await Assert.ThrowsAsync<JournalFormatException>(() => ReadAsync(text));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task A_cell_without_end_is_refused_before_it_fills_the_memory()
    {
        var error = await Assert.ThrowsAsync<JournalFormatException>(() => ReadAsync("a\n" + new string('x', 2_000_000)));
        Assert.StartsWith("f.csv, row 2: cell 1 is longer than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        var error = await Assert.ThrowsAsync<JournalFormatException>(() => ReadAsync([(byte)'a', (byte)'\n', 0xC3, 0x28]));
        Assert.Contains("not valid UTF-8", error.Message, StringComparison.Ordinal);
    }

    private static Task<List<CsvRecord>> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<List<CsvRecord>> ReadAsync(byte[] bytes)
    {
        var records = new List<CsvRecord>();
        await foreach (var record in CsvReader.ReadAsync(new MemoryStream(bytes), "f.csv"))
            records.Add(record);
        return records;
    }
}

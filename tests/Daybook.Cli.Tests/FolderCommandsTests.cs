using Daybook.Embedded;
using Daybook.Servers;

namespace Daybook.Cli.Tests;

public sealed class FolderCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Book_that_is_whole_is_reported_as_such()
    {
        await FillAsync(100);
        var (code, output, _) = await ToolAsync("doctor", "--data", _folder["book"]);
        Assert.Equal(0, code);
        Assert.Contains("belong together", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_records_are_put_together_from_the_ledgers_alone()
    {
        await FillAsync(100);
        await FillAsync(100);
        Directory.Delete(_folder["book/coordination"], recursive: true);
        var examined = await ToolAsync("doctor", "--data", _folder["book"]);
        Assert.Equal(1, examined.Code);
        Assert.Contains("holds records, and no manifest names it", examined.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("run 'daybook doctor", examined.Output, StringComparison.Ordinal);
        var (code, output, _) = await ToolAsync("repair", "--data", _folder["book"]);
        Assert.Equal(1, code);
        Assert.Matches("'journals/0': [0-9]+ records \\(offset 0 to [0-9]+\\) in 2 ledgers", output);
        Assert.Contains("Nothing would be lost.", output, StringComparison.Ordinal);
        Assert.Contains("--apply", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["book/coordination"]));
        Assert.Equal(0, (await ToolAsync("repair", "--data", _folder["book"], "--apply")).Code);
        await ExpectSumAsync(200);
    }

    [Fact]
    public async Task Older_records_are_brought_up_to_the_ledgers()
    {
        await FillAsync(100);
        File.Copy(_folder["book/coordination/records"], _folder["older"]);
        await FillAsync(50);
        File.Copy(_folder["older"], _folder["book/coordination/records"], overwrite: true);
        await Assert.ThrowsAsync<DaybookException>(async () => await OpenAsync());
        Assert.Equal(0, (await ToolAsync("repair", "--data", _folder["book"], "--apply")).Code);
        await ExpectSumAsync(150);
    }

    [Fact]
    public async Task Partition_without_records_is_reported_as_such()
    {
        await FillAsync(0);
        await using (var book = await OpenAsync())
            await book.SendAsync(new Count("c0", 1), new CommandId(Guid.NewGuid()));
        Directory.Delete(_folder["book/coordination"], recursive: true);
        var (_, output, _) = await ToolAsync("doctor", "--data", _folder["book"]);
        Assert.Contains(": no records.", output, StringComparison.Ordinal);
        Assert.Contains(": 1 record (offset 0) in 1 ledger (", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_is_distinguished_from_a_mismatch()
    {
        await using var book = await OpenAsync();
        var (code, _, error) = await ToolAsync("doctor", "--data", _folder["book"]);
        Assert.Equal(2, code);
        Assert.Contains("open in this process", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("doctor", "--data")]
    [InlineData("repair", "--data", "x", "--aply")]
    public async Task Words_that_are_not_understood_are_refused(params string[] words) => Assert.Equal(2, (await ToolAsync(words)).Code);

    [Fact]
    public async Task Folder_without_a_book_is_an_error_and_stays_empty()
    {
        var (code, _, error) = await ToolAsync("doctor", "--data", _folder["nothing"]);
        Assert.Equal(2, code);
        Assert.Contains("holds no ledgers", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["nothing"]));
    }

    private static async Task<(int Code, string Output, string Error)> ToolAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DaybookTool.RunAsync(words, _ => null, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private ValueTask<Book> OpenAsync() => new DaybookBuilder()
        .UseEmbedded(_folder["book"]).AddHandlersFrom<Count>().Configure(o => o.Partitions = 2).OpenAsync();

    private async Task FillAsync(int count)
    {
        await using var book = await OpenAsync();
        for (var i = 0; i < count; i++)
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Count($"c{i % 10}", 1), new CommandId(Guid.NewGuid())));
    }

    private async Task ExpectSumAsync(long sum)
    {
        await using var book = await OpenAsync();
        var found = 0L;
        for (var i = 0; i < 10; i++)
            found += (await book.ReadAsync<Counter>($"c{i}")).State!.Sum;
        Assert.Equal(sum, found);
    }
}

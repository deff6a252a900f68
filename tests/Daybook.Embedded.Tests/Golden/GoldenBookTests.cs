using System.IO.Compression;

namespace Daybook.Embedded.Tests.Golden;

/// <summary>Books that the first format wrote, closed or killed: they open, read the same and go on.</summary>
public sealed class GoldenBookTests
{
    private const string Expected =
        "p0 156 25875, p1 156 26025, p2 153 26172, p3 156 26325, p4 156 26475, p5 156 26625, p6 153 26778";

    [Theory]
    [InlineData("clean")]
    [InlineData("killed")]
    public async Task Book_of_format_1_reads_the_same_and_goes_on_in_format_2(string end)
    {
        using var folder = new TemporaryFolder();
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(AppContext.BaseDirectory, "Golden", $"book-v1-{end}.zip"), folder.Path);
        await using (var book = await OpenAsync(folder))
        {
            Assert.Equal(Expected, await PotsAsync(book));
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new PutIn("p0", 1, ""), new CommandId(Guid.NewGuid())));
        }
        await using (var book = await OpenAsync(folder))
        {
            Assert.Equal(Expected.Replace("p0 156 25875", "p0 157 25876", StringComparison.Ordinal), await PotsAsync(book));
            Assert.Equal(157, await book.Streams.ReadAsync(new StreamId("pot/p0")).CountAsync());
        }
        Assert.StartsWith("daybook-ledgers 2 ", await File.ReadAllTextAsync(folder["ledgers/FORMAT"]), StringComparison.Ordinal);
    }

    private static ValueTask<Book> OpenAsync(TemporaryFolder folder) => new DaybookBuilder()
        .UseEmbedded(folder.Path, new() { SegmentBytes = 2304 * 1024, MaxEntryBytes = 576 * 1024 })
        .AddHandlers(typeof(PotHandlers))
        .Configure(o => (o.Partitions, o.MaxRecordBytes, o.SnapshotEvery) = (2, 16384, 10))
        .OpenAsync();

    private static async Task<string> PotsAsync(Book book)
    {
        var pots = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            var pot = await book.ReadAsync<Pot>($"p{i}");
            pots.Add($"p{i} {pot.Version} {pot.State!.Amount}");
        }
        return string.Join(", ", pots);
    }
}

[EventType("golden.put")]
public sealed record PutAdded(int By, string Padding);

[Aggregate("pot")]
public sealed record Pot(int Amount)
{
    public static Pot Create(PutAdded e) => new(e.By);

    public Pot Apply(PutAdded e) => new(Amount + e.By);
}

public sealed record PutIn(string Pot, int By, string Padding);

public static class PotHandlers
{
    public static Decision Handle(PutIn c, Pot? pot) => Decision.Emit(new PutAdded(c.By, c.Padding));
}

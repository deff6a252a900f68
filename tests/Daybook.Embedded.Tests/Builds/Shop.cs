namespace Daybook.Embedded.Tests.Builds;

/// <summary>A small program with a state that holds its lines inside a generic type.</summary>
public static class Shop
{
    public const int Orders = 2;
    private static readonly string s_padding = new('p', 2000);

    /// <summary>Opens the book in a folder with the types of this build, does one thing, and returns what it holds.</summary>
    public static async Task<string> RunAsync(string folder, string what)
    {
        await using var book = await new DaybookBuilder().UseEmbedded(folder).AddHandlers(typeof(OrderHandlers))
            .Configure(o => (o.Partitions, o.LedgerBytes, o.RecoveryPointEvery, o.CommandWindow, o.CachedStates, o.SnapshotEvery) = (1, 1024 * 1024, 1000, 1000, 16, 50))
            .OpenAsync();
        if (what == "write")
            await WriteAsync(book);
        if (what == "truncate")
            await book.TruncateAsync(default, book.Partitions[0].Head!.Value);
        var order = await book.ReadAsync<Order>("o0");
        await book.SendAsync(new AddLine("o0", 0, ""), new CommandId(Guid.NewGuid()));
        return $"{typeof(Order).Assembly.GetName().Version}: {order.State!.Lines.Sum(line => line.Pieces)} pieces";
    }

    private static async Task WriteAsync(Book book)
    {
        for (var round = 0; round < 20; round++)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async i => await book.SendAsync(new AddLine($"o{i % Orders}", 1, s_padding), new CommandId(Guid.NewGuid()))));
    }
}

[EventType("shop.line-added")]
public sealed record LineAdded(int Count, string Padding);

public sealed record Line(int Pieces);

public sealed record Order(IReadOnlyList<Line> Lines)
{
    public static Order Create(LineAdded e) => new([new Line(e.Count)]);

    public Order Apply(LineAdded e) => new([new Line(Lines.Sum(line => line.Pieces) + e.Count)]);
}

public sealed record AddLine(string Order, int Count, string Padding);

public static class OrderHandlers
{
    public static Decision Handle(AddLine c, Order? order) => Decision.Emit(new LineAdded(c.Count, c.Padding));
}

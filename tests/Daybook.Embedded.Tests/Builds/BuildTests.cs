namespace Daybook.Embedded.Tests.Builds;

/// <summary>A book that one build of a program wrote is opened by the next.</summary>
public sealed class BuildTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Truncated_book_is_read_and_written_by_the_next_build_of_the_same_shapes()
    {
        await WriteAsync(andTruncate: true);
        Assert.Equal("1.1.0.0: 1000 pieces", await new Build(new Version(1, 1)).RunAsync(_folder["book"], "read"));
    }

    [Fact]
    public async Task Member_renamed_inside_a_generic_type_is_folded_from_the_events_that_are_there()
    {
        await WriteAsync(andTruncate: false);
        Assert.Equal("1.1.0.0: 1000 pieces", await new Build(new Version(1, 1), "Number").RunAsync(_folder["book"], "read"));
    }

    [Fact]
    public async Task Member_renamed_inside_a_generic_type_of_a_truncated_book_is_an_error_that_names_the_aggregate()
    {
        await WriteAsync(andTruncate: true);
        var failed = await Assert.ThrowsAsync<DaybookException>(() => new Build(new Version(1, 1), "Number").RunAsync(_folder["book"], "read"));
        Assert.Equal(ErrorCode.Truncated, failed.Code);
        Assert.Contains("order/o0", failed.Message, StringComparison.Ordinal);
        Assert.Equal("1.2.0.0: 1000 pieces", await new Build(new Version(1, 2)).RunAsync(_folder["book"], "read"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task WriteAsync(bool andTruncate)
    {
        var first = new Build(new Version(1, 0));
        Assert.Equal("1.0.0.0: 1000 pieces", await first.RunAsync(_folder["book"], "write"));
        if (andTruncate)
            Assert.Equal("1.0.0.0: 1000 pieces", await first.RunAsync(_folder["book"], "truncate"));
    }
}

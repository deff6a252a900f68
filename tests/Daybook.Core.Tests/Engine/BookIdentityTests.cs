using System.Text;
using Daybook.Core.Tests.Journals;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

public sealed class BookIdentityTests
{
    private const string Key = "book/id";

    [Fact]
    public async Task Book_keeps_the_id_of_its_first_opening()
    {
        var coordinator = new MemoryCoordinator();
        var first = await BookIdentity.EstablishAsync(coordinator, new Random(1), default);
        Assert.NotEqual(Guid.Empty, first);
        Assert.Equal(first, await BookIdentity.EstablishAsync(coordinator, new Random(2), default));
        Assert.NotEqual(first, await BookIdentity.EstablishAsync(new MemoryCoordinator(), new Random(3), default));
    }

    [Fact]
    public async Task Of_several_that_open_a_new_book_one_gives_the_id()
    {
        var coordinator = new MemoryCoordinator();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => BookIdentity.EstablishAsync(coordinator, new Random(i), default).AsTask()));
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Id_whose_write_was_in_doubt_is_the_one_that_was_written()
    {
        var inner = new MemoryCoordinator();
        var interrupted = new InterruptedCoordinator(inner)
        {
            AfterCreate = () => throw new InDoubtException(ErrorCode.Unavailable, "The reply was lost."),
        };
        var id = await BookIdentity.EstablishAsync(interrupted, new Random(1), default);
        Assert.Equal(id.ToString("D"), Encoding.ASCII.GetString((await inner.ReadAsync(Key))!.Value.Span));
    }

    [Fact]
    public async Task Record_that_holds_something_else_is_an_error_that_names_it()
    {
        var coordinator = new MemoryCoordinator();
        await coordinator.CreateAsync(Key, "nonsense"u8.ToArray());
        var error = await Assert.ThrowsAsync<DaybookException>(async () => await BookIdentity.EstablishAsync(coordinator, new Random(1), default));
        Assert.Equal(ErrorCode.Corrupted, error.Code);
        Assert.Contains(Key, error.Message, StringComparison.Ordinal);
    }
}

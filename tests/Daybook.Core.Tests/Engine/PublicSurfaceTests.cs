using Daybook.Memory;
using Daybook.Servers.Surface;

namespace Daybook.Core.Tests.Engine;

/// <summary>
/// Every public constructor, property and method of the vocabulary and the engine, called with null, default and extreme arguments, and on
/// a disposed book: what comes out is an argument error or a <see cref="DaybookException"/>, never the trace of a bug. Found by reflection,
/// so that a new member is covered.
/// </summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<Type> Types => [.. PublicSurface.TypesOf(typeof(IDaybook).Assembly, typeof(Book).Assembly).Where(t => t != typeof(Book))];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Extreme_arguments_are_refused_by_name_or_accepted(Type type)
    {
        var surface = NewSurface();
        await surface.TryAsync(type);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Book_refuses_extreme_arguments_by_name_also_once_it_is_disposed(bool isDisposed)
    {
        var surface = NewSurface();
        await using var book = await Books.OpenAsync(options: o => o.Partitions = 2);
        await book.Send(new Open("a", 100));
        if (isDisposed)
            await book.DisposeAsync();
        await surface.TryAsync(book);
        await surface.TryAsync(book.Streams);
        Assert.True(surface.Failures.Count == 0, string.Join('\n', surface.Failures));
    }

    private static PublicSurface NewSurface() => new(
        new ArgumentValues { TypeArguments = [typeof(Wallet), typeof(Change), typeof(Amounts), typeof(int)], OfType = Made },
        (method, error) => error is ArgumentException or DaybookException or ObjectDisposedException
            || (error is InvalidOperationException && method.DeclaringType == typeof(Decision)));

    private static object? Made(Type type) =>
        type == typeof(MemoryCoordinator) || type == typeof(Daybook.Coordination.ICoordinator) ? new MemoryCoordinator()
        : type == typeof(Daybook.Ledgers.ILedgerStore) ? new MemoryLedgerStore()
        : type == typeof(Decision) ? Decision.Emit("a").And("b")
        : type == typeof(TimeProvider) ? TimeProvider.System
        : null;
}

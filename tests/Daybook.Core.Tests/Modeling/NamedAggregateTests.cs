using System.Diagnostics.CodeAnalysis;
using Daybook.Core.Tests.Engine;

namespace Daybook.Core.Tests.Modeling;

/// <summary>How the keys of a command lead to aggregates: null ones, unusable ones, and those that share a text.</summary>
public sealed class NamedAggregateTests
{
    private static readonly DateTimeOffset s_moment = new(2026, 3, 1, 10, 20, 5, 100, TimeSpan.Zero);

    [Fact]
    public async Task Null_key_of_an_optional_aggregate_binds_null()
    {
        await using var book = await OpenAsync(typeof(CheckoutHandler));
        Assert.IsType<Outcome.Accepted>(await book.Send(new Checkout("k", null)));
        Assert.Equal("no coupon", (await book.ReadAsync<Slot>("k")).State!.All);
        Assert.IsType<Outcome.Accepted>(await book.Send(new Checkout("k", "c")));
        Assert.Equal("no coupon,no coupon yet", (await book.ReadAsync<Slot>("k")).State!.All);
        Assert.Equal(1, (await book.ReadAsync<Coupon>("c")).State!.Uses);
        await book.Send(new Checkout("k", "c"));
        Assert.EndsWith(",used before", (await book.ReadAsync<Slot>("k")).State!.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_key_of_the_only_and_optional_aggregate_names_nothing()
    {
        await using var book = await OpenAsync(typeof(BookHandler<string>));
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Reserve<string>(null!, "x")));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("Reserve", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_key_of_a_required_aggregate_is_an_error_that_names_command_and_property()
    {
        await using var book = await OpenAsync(typeof(CheckoutHandler));
        Assert.Contains("'Visit.Slot'", (await RefusedAsync(book, new Visit(null!))).Message, StringComparison.Ordinal);
        Assert.Contains("'Visit.Slot'", (await RefusedAsync(book, new Visit(""))).Message, StringComparison.Ordinal);
        Assert.Contains("'Checkout.Slot'", (await RefusedAsync(book, new Checkout("", null))).Message, StringComparison.Ordinal);
        Assert.Contains("'Gather.Slots'", (await RefusedAsync(book, new Gather(["a", null!]))).Message, StringComparison.Ordinal);
        Assert.Contains("'Gather.Slots'", (await RefusedAsync(book, new Gather(null!))).Message, StringComparison.Ordinal);
        Assert.Contains("'Moody.Slot'", (await RefusedAsync(book, new Moody())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_for_the_null_key_of_an_optional_aggregate_is_refused_and_not_given_to_another()
    {
        await using var book = await OpenAsync(typeof(CarelessHandler));
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Careless("k", null)));
        Assert.Equal(ErrorCode.HandlerFailed, refused.Code);
        Assert.Null((await book.ReadAsync<Slot>("k")).State);
    }

    [Fact]
    public async Task Key_type_without_one_text_is_refused_when_the_book_is_built()
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await OpenAsync(typeof(BookHandler<Uri>)));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("Reserve", refused.Message, StringComparison.Ordinal);
        Assert.Contains("System.Uri", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DaybookException>(async () => await OpenAsync(typeof(BookHandler<(string, string)>)));
        await Assert.ThrowsAsync<DaybookException>(async () => await OpenAsync(typeof(BookHandler<object>)));
    }

    [Fact]
    public async Task Different_moments_are_different_aggregates_and_equal_ones_are_one()
    {
        await AreAsync(2, new TimeOnly(10, 20, 5), new TimeOnly(10, 20, 45));
        await AreAsync(2, s_moment, s_moment.AddMilliseconds(800));
        await AreAsync(1, s_moment, s_moment.ToOffset(TimeSpan.FromHours(2)));
        await AreAsync(2, s_moment.UtcDateTime, s_moment.UtcDateTime.AddMilliseconds(800));
        await AreAsync(1, s_moment.UtcDateTime, s_moment.LocalDateTime);
        await AreAsync(1, 1.0m, 1.00m);
        await AreAsync(1, 0.0, -0.0);
        await AreAsync<DateOnly?>(2, new DateOnly(2026, 1, 2), new DateOnly(2026, 2, 1));
    }

    [Fact]
    public async Task Category_with_a_slash_is_refused_since_its_streams_could_be_those_of_another()
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await new DaybookBuilder().UseMemory().AddAggregate<Nested>().OpenAsync());
        Assert.Contains("'slot/of'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_for_many_aggregates_are_found_by_key_and_by_stream()
    {
        await using var book = await OpenAsync(typeof(CheckoutHandler));
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"a/{i}")];
        Assert.IsType<Outcome.Accepted>(await book.Send(new Gather(names)));
        foreach (var name in names)
            Assert.Equal("by key,by stream", (await book.ReadAsync<Slot>(name)).State!.All);
    }

    [Fact]
    public void Ids_made_from_broken_text_are_refused_since_two_would_be_one()
    {
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DaybookException>(() => CommandId.From("queue", "a\ud800")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DaybookException>(() => new IdempotencyId(Guid.NewGuid()).ToCommandId("\udc00")).Code);
    }

    private static async Task AreAsync<TKey>(int aggregates, TKey one, TKey other)
    {
        await using var book = await OpenAsync(typeof(BookHandler<TKey>));
        await book.Send(new Reserve<TKey>(one, "first"));
        await book.Send(new Reserve<TKey>(other, "second"));
        var (first, second) = (await book.ReadAsync<Slot>(one!), await book.ReadAsync<Slot>(other!));
        Assert.Equal(aggregates == 1, first.Stream == second.Stream);
        Assert.Equal(aggregates == 1 ? "first,second" : "first", first.State!.All);
        Assert.Equal(aggregates == 1 ? "first,second" : "second", second.State!.All);
    }

    private static async Task<DaybookException> RefusedAsync<TCommand>(Book book, TCommand command)
        where TCommand : notnull
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(command));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        return refused;
    }

    private static ValueTask<Book> OpenAsync(Type handlers) => new DaybookBuilder().UseMemory().AddHandlers(handlers).OpenAsync();
}

[EventType("test.seen")]
public sealed record Seen(string What);

[Aggregate("slot")]
public sealed record Slot(string All)
{
    public static Slot Create(Seen e) => new(e.What);

    public Slot Apply(Seen e) => new(All + "," + e.What);
}

public sealed record Coupon(int Uses)
{
    public static Coupon Create(Seen e) => new(1);

    public Coupon Apply(Seen e) => new(Uses + 1);
}

[Aggregate("slot/of")]
public sealed record Nested(int Count)
{
    public static Nested Create(Seen e) => new(1);
}

public sealed record Reserve<TKey>(TKey Slot, string What);

public sealed record Checkout(string Slot, string? Coupon);

public sealed record Visit(string Slot);

public sealed record Careless(string Slot, string? Coupon);

public sealed record Gather(IReadOnlyList<string> Slots);

public sealed record Moody
{
    private readonly InvalidOperationException _why = new("not today");

    public string Slot => throw _why;
}

public static class BookHandler<TKey>
{
    [SuppressMessage("Design", "CA1000", Justification = "One handler stands for many types of keys.")]
    public static Decision Handle(Reserve<TKey> c, Slot? slot) => Decision.Emit(new Seen(c.What));
}

public static class CarelessHandler
{
    public static Decision Handle(Careless c, Slot? slot, Coupon? coupon) => Decision.Emit(c.Coupon!, new Seen("careless"));
}

public static class CheckoutHandler
{
    public static Decision Handle(Checkout c, Slot? slot, Coupon? coupon) => c.Coupon is null
        ? Decision.Emit(new Seen("no coupon"))
        : Decision.Emit(StreamId.For("slot", c.Slot), new Seen(coupon is null ? "no coupon yet" : "used before")).And(StreamId.For("coupon", c.Coupon), new Seen("used"));

    public static Decision Handle(Gather c, IReadOnlyDictionary<string, Slot?> slots) => slots.Keys.Aggregate(
        Decision.Nothing, (decision, key) => decision.And(key, new Seen("by key")).And(StreamId.For("slot", key), new Seen("by stream")));

    public static Decision Handle(Visit c, Slot slot) => Decision.Nothing;

    public static Decision Handle(Moody c, Slot slot) => Decision.Nothing;
}

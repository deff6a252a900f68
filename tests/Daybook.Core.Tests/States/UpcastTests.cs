using Daybook.Core.Tests.Engine;
using Daybook.Memory;

namespace Daybook.Core.Tests.States;

public sealed class UpcastTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Old_event_type_that_is_emitted_is_folded_as_a_restart_reads_it(int snapshotEvery)
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        DaybookBuilder Builder() => new DaybookBuilder().UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(coordinator))
            .AddHandlers(typeof(Handlers)).AddUpcast<Paid, PaidWithFee>(old => new(old.Amount, 1)).Configure(o => (o.Partitions, o.SnapshotEvery) = (1, snapshotEvery));
        await using (var book = await Builder().OpenAsync())
        {
            await book.Send(new Open("a"));
            for (var i = 0; i < 3; i++)
                await book.Send(new Pay("a", 100));
            Assert.Equal(297, (await book.ReadAsync<Purse>("a")).State!.Amount);
        }
        await using var reopened = await Builder().OpenAsync();
        Assert.Equal(297, (await reopened.ReadAsync<Purse>("a")).State!.Amount);
    }

    [Fact]
    public async Task Upcast_from_a_type_to_itself_is_applied_once()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(Handlers))
            .AddUpcast<Paid, PaidWithFee>(old => new(old.Amount, 0)).AddUpcast<PaidWithFee, PaidWithFee>(e => e with { Fee = e.Fee + 1 }).OpenAsync();
        await book.Send(new Open("a"));
        await book.Send(new Pay("a", 100));
        Assert.Equal(99, (await book.ReadAsync<Purse>("a")).State!.Amount);
    }

    [Fact]
    public async Task Upcasts_that_go_round_in_a_circle_are_refused_when_the_book_is_built()
    {
        var builder = new DaybookBuilder().UseMemory().AddHandlers(typeof(Handlers))
            .AddUpcast<Paid, PaidWithFee>(old => new(old.Amount, 0)).AddUpcast<PaidWithFee, Paid>(e => new(e.Amount));
        Assert.Contains("circle", (await Refused.OpeningAsync(builder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_for_a_type_that_an_upcast_replaces_is_refused_when_the_book_is_built()
    {
        var builder = new DaybookBuilder().UseMemory().AddHandlers(typeof(Handlers)).AddUpcast<PaidWithFee, PaidOtherwise>(e => new(e.Amount));
        var message = (await Refused.OpeningAsync(builder)).Message;
        Assert.Contains(nameof(PaidWithFee), message, StringComparison.Ordinal);
        Assert.Contains("an upcast reads events of that type as", message, StringComparison.Ordinal);
    }

    [EventType("up.opened")]
    public sealed record Opened(string Owner);

    [EventType("up.paid.v1")]
    public sealed record Paid(decimal Amount);

    [EventType("up.paid.v2")]
    public sealed record PaidWithFee(decimal Amount, decimal Fee);

    [EventType("up.paid.v3")]
    public sealed record PaidOtherwise(decimal Amount);

    public sealed record Purse(decimal Amount)
    {
        public static Purse Create(Opened e) => new(0m);

        public Purse Apply(PaidWithFee e) => new(Amount + e.Amount - e.Fee);
    }

    public sealed record Open(string Purse);

    public sealed record Pay(string Purse, decimal Amount);

    public static class Handlers
    {
        public static Decision Handle(Open c, Purse? purse) => Decision.Emit(new Opened("x"));

        public static Decision Handle(Pay c, Purse purse) => Decision.Emit(new Paid(c.Amount));
    }
}

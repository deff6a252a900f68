using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

public sealed class RestartTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task J6_state_after_a_restart_equals_the_state_before_with_checkpoints_and_rolled_ledgers(bool ordered)
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(ordered), new MemoryCoordinator());
        void Small(DaybookOptions o) => (o.Partitions, o.RecoveryPointEvery, o.LedgerBytes, o.SnapshotEvery) = (2, 1000, 1024 * 1024, 50);
        var lastId = Books.NewId();
        Outcome lastOutcome;
        await using (var book = await Books.OpenAsync(ledgers, coordinator, Small))
        {
            for (var i = 0; i < 20; i++)
                await book.Send(new Open($"w{i}", int.MaxValue));
            for (var round = 0; round < 100; round++)
            {
                var deposits = Enumerable.Range(0, 200).Select(i => book.Send(new Change($"w{i % 20}", 1)).AsTask());
                var moves = Enumerable.Range(0, 50).Select(i => book.Send(new Move($"w{i % 20}", $"w{(i + 7) % 20}", 1)).AsTask());
                await Task.WhenAll(deposits.Concat(moves));
            }
            lastOutcome = await book.SendAsync(new Change("w3", 5), lastId);
        }
        await using var reopened = await Books.OpenAsync(ledgers, coordinator, Small);
        var total = 0;
        for (var i = 0; i < 20; i++)
            total += await reopened.AmountOf($"w{i}");
        Assert.Equal(20_000 + 5, total);
        Assert.Equal(lastOutcome, await reopened.SendAsync(new Change("w3", 5), lastId));
        Assert.Equal(lastOutcome, await reopened.OutcomeOfAsync(lastId));
        Assert.All(reopened.Partitions, p => Assert.True(p.IsOwned));
    }

    [Fact]
    public async Task J7_handler_that_hangs_fails_its_command_and_the_partition_goes_on()
    {
        using var release = new ManualResetEventSlim();
        HangingHandlers.Release = release;
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(WalletHandlers)).AddHandlers(typeof(HangingHandlers))
            .Configure(o => (o.Partitions, o.HandlerTimeout) = (1, TimeSpan.FromMilliseconds(200))).OpenAsync();
        await book.Send(new Open("a", 100));
        var hung = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Hang("a")));
        Assert.Equal(ErrorCode.HandlerFailed, hung.Code);
        Assert.Contains("HandlerTimeout", hung.Message, StringComparison.Ordinal);
        Outcome? outcome = null;
        while (outcome is null)
        {
            try
            {
                outcome = await book.Send(new Change("a", 7));
            }
            catch (DaybookException e) when (e.IsTransient)
            {
                await Task.Yield();
            }
        }
        Assert.IsType<Outcome.Accepted>(outcome);
        release.Set();
        Assert.Equal(7, await book.AmountOf("a"));
    }
}

public sealed record Hang(string Wallet);

public static class HangingHandlers
{
    public static ManualResetEventSlim? Release { get; set; }

    public static Decision Handle(Hang c, Wallet wallet)
    {
        Release?.Wait();
        return Decision.Emit(new Changed(-1));
    }
}

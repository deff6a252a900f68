using Daybook.Core.Journals;
using Daybook.Core.Tests.Engine;
using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Journals;

public sealed class StoreRehearsalTests
{
    private readonly MemoryLedgerStore _ledgers = new();

    [Fact]
    public async Task Rehearsal_leaves_no_ledger()
    {
        await StoreRehearsal.RunAsync(_ledgers, CancellationToken.None);
        Assert.Empty(await _ledgers.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Rehearsal_that_a_store_refuses_leaves_no_ledger()
    {
        var faulty = new FaultyLedgerStore(_ledgers);
        faulty.FailAppends();
        await Assert.ThrowsAsync<InDoubtException>(() => StoreRehearsal.RunAsync(faulty, CancellationToken.None));
        Assert.Empty(await _ledgers.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Ledger_that_a_killed_rehearsal_left_keeps_no_book_from_opening()
    {
        var writer = await _ledgers.CreateAsync();
        await writer.AppendAsync(StoreRehearsal.Entry);
        var coordinator = new MemoryCoordinator();
        for (var opening = 0; opening < 2; opening++)
        {
            var builder = new DaybookBuilder().AddHandlers(typeof(WalletHandlers)).UseLedgers(_ => new(_ledgers)).UseCoordinator(_ => new(coordinator));
            await using var book = await builder.OpenAsync();
            Assert.IsType<Outcome.Accepted>(await book.Send(new Open($"w{opening}", 1)));
        }
    }
}

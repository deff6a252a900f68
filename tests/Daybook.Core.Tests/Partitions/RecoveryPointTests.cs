using Daybook.Coordination;
using Daybook.Core.Journals;
using Daybook.Core.Tests.Engine;
using Daybook.Core.Tests.Journals;
using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Partitions;

public sealed class RecoveryPointTests
{
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _records = new();

    [Fact]
    public async Task J2_L20_owner_whose_recovery_point_loses_the_compare_and_set_stops()
    {
        var coordinator = new InterruptedCoordinator(_records);
        await using var book = await OpenAsync(coordinator);
        var epoch = book.Partitions[0].Epoch;
        coordinator.BeforeUpdate = Once(new DaybookException(ErrorCode.VersionMismatch, "Another process changed the record."));
        while (book.Partitions[0].Epoch is not { } now || now == epoch)
            await FillAsync(book, 100);
    }

    [Fact]
    public async Task Recovery_point_whose_naming_is_in_doubt_is_there_when_the_record_names_it()
    {
        var coordinator = new InterruptedCoordinator(_records);
        await using (var book = await OpenAsync(coordinator))
        {
            coordinator.AfterUpdate = Once(new DaybookException(ErrorCode.StoreFailed, "The answer was lost."));
            while (await RecoveryPointAsync() is null)
                await FillAsync(book, 100);
        }
        var point = await RecoveryPointAsync();
        Assert.Contains(point!.Ledger, await _ledgers.ListAsync().ToListAsync());
        await using var again = await OpenAsync(_records);
        Assert.True(await again.AmountOf("a") >= 1000);
    }

    [Fact]
    public async Task J6_takeover_reads_nothing_from_before_its_recovery_point()
    {
        var id = Books.NewId();
        int amount;
        await using (var first = await OpenAsync(_records))
            await FillAsync(first, 300);
        await using (var book = await OpenAsync(_records))
        {
            while (await RecoveryPointAsync() is not { Offset.Value: > 2000 })
                await FillAsync(book, 500);
            await book.Insist(new Change("a", 1), id);
            amount = await book.AmountOf("a");
        }
        var record = (await RecordAsync())!;
        var (point, chain) = (record.RecoveryPoint!, record.Ledgers);
        var old = Enumerable.Range(0, chain.Count - 1).Where(i => chain[i + 1].First <= point.Offset).Select(i => chain[i].Id).ToHashSet();
        Assert.NotEmpty(old);
        var unreadable = new FaultyLedgerStore(_ledgers) { ThrowFromReads = id => old.Contains(id) ? new InvalidOperationException($"Ledger {id} was read.") : null };
        await using var again = await OpenAsync(_records, unreadable);
        Assert.IsType<Outcome.Accepted>(await again.OutcomeOfAsync(id));
        Assert.Equal(amount, await again.AmountOf("a"));
    }

    [Fact]
    public async Task Takeover_that_fails_in_an_unknown_way_is_reported_by_the_opening()
    {
        await (await OpenAsync(_records)).DisposeAsync();
        var coordinator = new InterruptedCoordinator(_records) { BeforeUpdate = _ => throw new IOException("The wire was cut.") };
        var failure = await Assert.ThrowsAsync<DaybookException>(() => OpenAsync(coordinator));
        Assert.Contains("The wire was cut.", failure.Message, StringComparison.Ordinal);
    }

    private async Task<Book> OpenAsync(ICoordinator coordinator, ILedgerStore? ledgers = null)
    {
        var book = await Books.OpenAsync(ledgers ?? _ledgers, coordinator, o => (o.Partitions, o.RecoveryPointEvery, o.SnapshotEvery, o.LedgerBytes) = (1, 1000, 10, 1024 * 1024));
        await book.Insist(new Open("a", int.MaxValue));
        return book;
    }

    private static Func<int, Task> Once(Exception error)
    {
        var failed = 0;
        return _ => Interlocked.Exchange(ref failed, 1) == 0 ? throw error : Task.CompletedTask;
    }

    private static async Task FillAsync(Book book, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => book.Insist(new Change("a", 1))));

    private async Task<RecoveryPoint?> RecoveryPointAsync() => (await RecordAsync())?.RecoveryPoint;

    private async Task<JournalManifest?> RecordAsync() =>
        await _records.ReadAsync("journals/0") is { } found ? JournalManifest.Parse("journals/0", found.Value.Span) : null;
}

using Daybook.Coordination;
using Daybook.Core.Journals;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>Records of the coordinator that were removed or put back from an older copy, beside ledgers that are all there.</summary>
public sealed class RemovedRecordsTests
{
    private readonly MemoryLedgerStore _ledgers = new();

    [Fact]
    public async Task Ledgers_without_records_are_not_opened_as_an_empty_book()
    {
        await FillAsync(new MemoryCoordinator());
        var before = await _ledgers.ListAsync().CountAsync();
        var emptied = new MemoryCoordinator();
        var refused = await ExpectRefusedAsync(emptied);
        Assert.Contains("ledger 1 (partition", refused.Message, StringComparison.Ordinal);
        Assert.Contains("daybook repair", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await emptied.ListAsync("journals"));
        Assert.Empty(await emptied.ListAsync("book"));
        Assert.Equal(before, await _ledgers.ListAsync().CountAsync());
    }

    [Fact]
    public async Task Older_copy_of_the_records_is_refused_and_the_right_ones_open()
    {
        var records = new MemoryCoordinator();
        await FillAsync(records);
        var older = await CopyAsync(records);
        await FillAsync(records);
        Assert.Contains("no manifest names it", (await ExpectRefusedAsync(older)).Message, StringComparison.Ordinal);
        await using var book = await OpenAsync(records);
        Assert.Equal(new Wallet(20, 100), (await book.ReadAsync<Wallet>("w0")).State);
    }

    [Fact]
    public async Task Manifest_that_names_a_ledger_which_does_not_exist_is_refused()
    {
        var records = new MemoryCoordinator();
        await FillAsync(records);
        var manifest = JournalManifest.Parse("journals/0", (await records.ReadAsync("journals/0"))!.Value.Span);
        await _ledgers.DeleteAsync(manifest.Ledgers[0].Id);
        Assert.Contains($"names ledger {manifest.Ledgers[0].Id}, which does not exist", (await ExpectRefusedAsync(records)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_of_another_partition_in_a_manifest_is_refused()
    {
        var records = new MemoryCoordinator();
        await FillAsync(records);
        var (one, other) = ((await records.ReadAsync("journals/0"))!, (await records.ReadAsync("journals/1"))!);
        await records.UpdateAsync(one.Key, other.Value, one.Version);
        await records.UpdateAsync(other.Key, one.Value, other.Version);
        Assert.Contains("belongs to another partition", (await ExpectRefusedAsync(records)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(LedgerPurpose.Journal), false)]
    [InlineData(nameof(LedgerPurpose.RecoveryPoint), true)]
    public async Task Ledger_that_a_crash_left_unlisted_and_without_records_is_collected(string purpose, bool written)
    {
        var records = new MemoryCoordinator();
        await FillAsync(records);
        var id = await BookIdentity.EstablishAsync(records, new Random(1), default);
        var origin = new JournalIdentity(id, 2, new PartitionId(1)).Origin(Enum.Parse<LedgerPurpose>(purpose), new Epoch(1));
        var orphan = await _ledgers.CreateAsync(origin.ToBytes());
        if (written)
            await orphan.AppendAsync(new byte[100]);
        await using (var book = await OpenAsync(records))
            Assert.Equal(new Wallet(10, 100), (await book.ReadAsync<Wallet>("w0")).State);
        Assert.DoesNotContain(orphan.Id, await _ledgers.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Origin_of_every_ledger_says_where_it_belongs()
    {
        var records = new MemoryCoordinator();
        await FillAsync(records);
        await FillAsync(records);
        var id = await BookIdentity.EstablishAsync(records, new Random(1), default);
        for (var partition = 0; partition < 2; partition++)
        {
            LedgerId? previous = null;
            var manifest = JournalManifest.Parse("", (await records.ReadAsync($"journals/{partition}"))!.Value.Span);
            foreach (var link in manifest.Ledgers)
            {
                var origin = LedgerOrigin.TryRead((await _ledgers.OpenAsync(link.Id)).Metadata.Span)!;
                Assert.Equal((id, 2, partition, LedgerPurpose.Journal), (origin.Book, origin.Partitions, origin.Partition, origin.Purpose));
                Assert.Equal((link.First, previous), (origin.First, origin.Previous));
                previous = link.Id;
            }
        }
    }

    [Fact]
    public void Origin_is_written_as_documented()
    {
        var identity = new JournalIdentity(new Guid("6f2d2a5e-0000-4000-8000-000000000001"), 8, new PartitionId(3));
        Assert.Equal(
            """{"format":1,"purpose":"Journal","book":"6f2d2a5e-0000-4000-8000-000000000001","partitions":8,"partition":3,"epoch":7,"first":1200,"previous":5}""",
            System.Text.Encoding.UTF8.GetString(identity.Link(new Epoch(7), new JournalOffset(1200), new LedgerId(5)).ToBytes()));
        Assert.Null(LedgerOrigin.TryRead("something else"u8));
        Assert.Null(LedgerOrigin.TryRead(default));
    }

    private async Task<DaybookException> ExpectRefusedAsync(ICoordinator records)
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await OpenAsync(records));
        Assert.Equal(ErrorCode.Corrupted, refused.Code);
        return refused;
    }

    private ValueTask<Book> OpenAsync(ICoordinator records) => new DaybookBuilder()
        .UseLedgers(_ => new(_ledgers))
        .UseCoordinator(_ => new(records))
        .AddHandlers(typeof(WalletHandlers))
        .Configure(o => o.Partitions = 2)
        .OpenAsync();

    private async Task FillAsync(ICoordinator records)
    {
        await using var book = await OpenAsync(records);
        for (var i = 0; i < 20; i++)
        {
            await book.SendAsync(new Open($"w{i}", 100), new CommandId(Guid.NewGuid()));
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Change($"w{i}", 10), new CommandId(Guid.NewGuid())));
        }
    }

    private static async Task<MemoryCoordinator> CopyAsync(MemoryCoordinator records)
    {
        var copy = new MemoryCoordinator();
        foreach (var prefix in new[] { "book", "journals" })
            foreach (var key in await records.ListAsync(prefix))
                await copy.CreateAsync(key, (await records.ReadAsync(key))!.Value);
        return copy;
    }
}

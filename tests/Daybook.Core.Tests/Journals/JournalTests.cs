using Daybook.Core.Journals;
using Daybook.Core.Records;
using Daybook.Memory;

namespace Daybook.Core.Tests.Journals;

public sealed class JournalTests
{
    private static readonly JournalIdentity s_journal = new(new Guid("6f2d2a5e-0000-4000-8000-000000000001"), 1, new PartitionId(0));
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _coordinator = new();

    [Fact]
    public async Task J1_L20_reader_sees_dense_offsets_over_ledgers_and_owners_from_any_offset()
    {
        var next = await WriteThreeLedgersAsync();
        var journal = await TakeOverAsync(1);
        Assert.Equal(next, journal.RecoveredNext);
        for (var from = 0L; from < next.Value; from++)
        {
            var expected = new JournalOffset(from);
            await foreach (var entry in journal.ReadAsync(new JournalOffset(from), next, default))
            {
                Assert.True(entry.Frame.First <= expected && expected < entry.Frame.Next, $"{entry.Frame} does not follow offset {expected}.");
                expected = entry.Frame.Next;
            }
            Assert.Equal(next, expected);
        }
    }

    [Fact]
    public async Task J1_hole_in_the_chain_is_damage_and_never_skipped()
    {
        await WriteThreeLedgersAsync();
        var record = await _coordinator.ReadAsync(s_journal.Key);
        var journal = JournalManifest.Parse(s_journal.Key, record!.Value.Span);
        var holed = journal with { Ledgers = [journal.Ledgers[0], .. journal.Ledgers.Skip(2)] };
        await _coordinator.UpdateAsync(s_journal.Key, holed.ToBytes(), record.Version);
        var owner = await TakeOverAsync(1);
        var damage = await Assert.ThrowsAsync<DaybookException>(async () =>
        {
            await foreach (var _ in owner.ReadAsync(default, owner.RecoveredNext, default))
                continue;
        });
        Assert.Equal(ErrorCode.Corrupted, damage.Code);
    }

    [Fact]
    public async Task J3_owner_that_was_taken_over_from_can_neither_append_nor_go_on_in_another_ledger()
    {
        var old = await TakeOverAsync(1);
        await AppendAsync(old, default, 3);
        var current = await TakeOverAsync(2);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => AppendAsync(old, new JournalOffset(3), 1));
        Assert.Equal(ErrorCode.LedgerFenced, refused.Code);
        var lost = await Assert.ThrowsAsync<DaybookException>(() => old.RollAsync(new JournalOffset(3), default).AsTask());
        Assert.Equal(ErrorCode.VersionMismatch, lost.Code);
        await Assert.ThrowsAsync<DaybookException>(() => old.SetRecoveryPointAsync(new RecoveryPoint(new LedgerId(1), default), default).AsTask());
        await AppendAsync(current, new JournalOffset(3), 1);
        Assert.Equal([.. current.Manifest.Ledgers.Select(ledger => ledger.Id)], await AllLedgersAsync());
    }

    [Fact]
    public async Task J2_L20_loser_of_a_race_writes_nothing_and_deletes_what_it_created()
    {
        await (await TakeOverAsync(1)).DisposeAsync();
        Journal? rival = null;
        var coordinator = new InterruptedCoordinator(_coordinator) { BeforeUpdate = async n => rival = n == 2 ? await TakeOverAsync(7) : rival };
        var lost = await Assert.ThrowsAsync<DaybookException>(async () => await new JournalTakeover(_ledgers, coordinator, s_journal).RunAsync(new Epoch(5), default));
        Assert.Equal(ErrorCode.StaleEpoch, lost.Code);
        Assert.Equal([.. rival!.Manifest.Ledgers.Select(ledger => ledger.Id)], await AllLedgersAsync());
        await AppendAsync(rival, rival.RecoveredNext, 1);
    }

    private async Task<Journal> TakeOverAsync(long lease) => await new JournalTakeover(_ledgers, _coordinator, s_journal).RunAsync(new Epoch(lease), default);

    private async Task<List<LedgerId>> AllLedgersAsync() => await _ledgers.ListAsync().OrderBy(id => id.Value).ToListAsync();

    private async Task<JournalOffset> WriteThreeLedgersAsync()
    {
        var next = default(JournalOffset);
        var journal = await TakeOverAsync(1);
        next = await AppendAsync(journal, next, 1, 4, 2);
        await journal.RollAsync(next, default);
        next = await AppendAsync(journal, next, 5);
        journal = await TakeOverAsync(1);
        return await AppendAsync(journal, next, 3, 1);
    }

    private static async Task<JournalOffset> AppendAsync(Journal journal, JournalOffset next, params int[] counts)
    {
        foreach (var count in counts)
        {
            var entry = new byte[EntryFrame.HeaderBytes];
            var frame = new EntryFrame(journal.Epoch, next, count);
            frame.Seal(entry);
            await journal.AppendAsync(entry);
            next = frame.Next;
        }
        return next;
    }
}

using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Testing.Compliance;
using Daybook.Testing.Faults;

namespace Daybook.Testing.Tests.Faults;

public sealed class FaultyLedgerStoreTests : LedgerStoreCompliance
{
    private readonly FaultyLedgerStore _store = new(new MemoryLedgerStore { MaxEntryBytes = 1 << 18 });

    public static TheoryData<string> Statements => [.. StatementsOf<LedgerStoreCompliance>()];

    /// <summary>Without a fault it is as good as the store below.</summary>
    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Number_of_held_appends_that_names_none_is_refused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _store.ReleaseNext(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _store.WhenHeldAsync(count); });
    }

    [Fact]
    public async Task Held_append_is_neither_written_nor_acknowledged_before_its_release()
    {
        var writer = await _store.CreateAsync();
        _store.Hold();
        var append = writer.AppendAsync(new byte[] { 1 });
        Assert.False(append.IsCompleted);
        Assert.Equal(EntryId.None, (await _store.OpenAsync(writer.Id)).LastAddConfirmed);
        _store.Release();
        Assert.Equal(0, (await append).Value);
        Assert.Equal(1, (await writer.AppendAsync(new byte[] { 2 })).Value);
    }

    [Fact]
    public async Task Held_acknowledgement_hides_the_entry_from_readers_until_recovery()
    {
        var writer = await _store.CreateAsync();
        _store.HoldAcknowledgements(writer.Id);
        var append = writer.AppendAsync(new byte[] { 1 });
        Assert.Equal(EntryId.None, (await _store.OpenAsync(writer.Id)).LastAddConfirmed);
        Assert.Equal(0, (await _store.RecoverAsync(writer.Id)).LastAddConfirmed.Value);
        Assert.False(append.IsCompleted);
        _store.Release(writer.Id);
        Assert.Equal(0, (await append).Value);
    }

    [Fact]
    public async Task Entry_behind_one_that_is_held_unwritten_is_not_written_when_only_acknowledgements_are_held_by_then()
    {
        var writer = await _store.CreateAsync();
        _store.Hold();
        var first = writer.AppendAsync(new byte[] { 1 });
        _store.HoldAcknowledgements();
        var second = writer.AppendAsync(new byte[] { 2 });
        _store.Release();
        Assert.Equal((0, 1), ((await first).Value, (await second).Value));
        var reader = await _store.OpenAsync(writer.Id);
        Assert.Equal(1, (await reader.ReadAsync(new EntryId(0))).Data.Span[0]);
    }

    [Fact]
    public async Task Append_held_over_a_recovery_is_fenced_when_released()
    {
        var writer = await _store.CreateAsync();
        _store.Hold();
        var append = writer.AppendAsync(new byte[] { 1 });
        Assert.Equal(EntryId.None, (await _store.RecoverAsync(writer.Id)).LastAddConfirmed);
        _store.Release();
        Assert.Equal(ErrorCode.LedgerFenced, (await Assert.ThrowsAsync<DaybookException>(() => append)).Code);
    }

    [Fact]
    public async Task On_an_ordering_store_nothing_overtakes_what_is_held()
    {
        var store = new FaultyLedgerStore(new MemoryLedgerStore(ordersAcrossLedgers: true));
        var (first, second) = (await store.CreateAsync(), await store.CreateAsync());
        store.Hold(first.Id);
        var held = first.AppendAsync(new byte[] { 1 });
        var behind = second.AppendAsync(new byte[] { 2 });
        Assert.False(behind.IsCompleted);
        store.ReleaseNext(2);
        await Task.WhenAll(held, behind);
    }

    [Theory]
    [InlineData(false, -1)]
    [InlineData(true, 0)]
    public async Task L14_failed_append_is_in_doubt_and_kills_its_writer(bool written, long last)
    {
        var writer = await _store.CreateAsync();
        _store.FailAppends(writer.Id, written);
        await Assert.ThrowsAsync<InDoubtException>(() => writer.AppendAsync(new byte[] { 1 }));
        _store.StopFailing(writer.Id);
        await Assert.ThrowsAsync<InDoubtException>(() => writer.AppendAsync(new byte[] { 2 }));
        Assert.Equal(last, (await _store.RecoverAsync(writer.Id)).LastAddConfirmed.Value);
    }

    [Fact]
    public async Task Early_acknowledgement_loses_an_acknowledged_entry_when_what_is_held_is_lost()
    {
        var writer = await _store.CreateAsync();
        _store.AcknowledgeEarly = true;
        _store.Hold();
        Assert.Equal(0, (await writer.AppendAsync(new byte[] { 1 })).Value);
        Assert.Equal(1, (await writer.AppendAsync(new byte[] { 2 })).Value);
        _store.LoseHeld(keep: 1);
        Assert.Equal(0, (await _store.RecoverAsync(writer.Id)).LastAddConfirmed.Value);
    }

    [Fact]
    public async Task Dropped_fence_lets_the_old_writer_go_on()
    {
        var writer = await _store.CreateAsync();
        await writer.AppendAsync(new byte[] { 1 });
        _store.DropFence = true;
        var recovered = await _store.RecoverAsync(writer.Id);
        Assert.Equal(1, (await writer.AppendAsync(new byte[] { 2 })).Value);
        Assert.True(recovered.IsClosed);
        Assert.Equal(0, recovered.LastAddConfirmed.Value);
    }

    protected override ValueTask<ILedgerStore> OpenStoreAsync() => ValueTask.FromResult<ILedgerStore>(_store);
}

using Daybook.Embedded.Tests.Support;
using Daybook.Ledgers;
using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.Store;

public sealed class SpaceTests
{
    [Fact]
    public async Task Segments_with_nothing_live_are_removed()
    {
        await using var simulated = new SimulatedStore();
        var dead = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(dead, 300);
        var kept = await simulated.Store.CreateAsync();
        await SimulatedStore.AppendAsync(kept, 10);
        Assert.True(SegmentsOf(simulated) >= 5);
        await simulated.Store.DeleteAsync(dead.Id);
        Reclaim(simulated);
        Assert.InRange(SegmentsOf(simulated), 1, 2);
        simulated.Crash();
        await simulated.ExpectEntriesAsync(kept.Id, 10);
    }

    [Fact]
    public async Task Segments_with_little_live_are_rewritten_while_readers_go_on()
    {
        await using var simulated = new SimulatedStore();
        var (dead, kept) = (await simulated.Store.CreateAsync(), await simulated.Store.CreateAsync());
        for (var i = 0; i < 60; i++)
        {
            await SimulatedStore.AppendAsync(dead, 8);
            await SimulatedStore.AppendAsync(kept, 1);
        }
        var before = BytesOf(simulated);
        var reader = await simulated.Store.OpenAsync(kept.Id);
        await using var reading = reader.ReadAsync(new EntryId(0), new EntryId(59)).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync());
        await simulated.Store.DeleteAsync(dead.Id);
        Reclaim(simulated);
        Assert.True(BytesOf(simulated) < before / 3, $"{BytesOf(simulated)} of {before} bytes are left");
        for (var i = 1; i < 60; i++)
            Assert.True(await reading.MoveNextAsync());
        await simulated.ExpectEntriesAsync(kept.Id, 60);
        await SimulatedStore.AppendAsync(kept, 5);
        simulated.Crash();
        await simulated.ExpectEntriesAsync(kept.Id, 65);
    }

    [Theory]
    [InlineData(FileOperation.Write)]
    [InlineData(FileOperation.Sync)]
    [InlineData(FileOperation.Rename)]
    public async Task Failed_rewriting_leaves_everything_as_it_was_and_is_reported(FileOperation operation)
    {
        var simulated = new SimulatedStore();
        await using var store = Daybook.Embedded.Store.EmbeddedLedgerStore.Open(
            SimulatedStore.Folder, simulated.Options, simulated.Files, startThread: false);
        var (dead, kept) = (await PumpedAsync(store, store.CreateAsync()), await PumpedAsync(store, store.CreateAsync()));
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 3; j++)
                _ = dead.AppendAsync(SimulatedStore.Bytes(j));
            _ = kept.AppendAsync(SimulatedStore.Bytes(i));
            store.Pump();
        }
        var deleting = store.DeleteAsync(dead.Id);
        store.Pump();
        await deleting;
        simulated.Files.Faults.FailNext(operation);
        while (store.ReclaimSpace())
            Assert.NotNull(store.SpaceFailure);
        var reader = await store.OpenAsync(kept.Id);
        Assert.Equal(40, await reader.ReadAsync(new EntryId(0), new EntryId(39)).CountAsync());
    }

    private static async Task<ILedgerWriter> PumpedAsync(Daybook.Embedded.Store.EmbeddedLedgerStore store, ValueTask<ILedgerWriter> creating)
    {
        store.Pump();
        return await creating;
    }

    /// <summary>Space is given back some time after; asking for it waits for what runs and does what is left.</summary>
    private static void Reclaim(SimulatedStore simulated)
    {
        while (simulated.Store.ReclaimSpace())
            Assert.Null(simulated.Store.SpaceFailure);
    }

    private static int SegmentsOf(SimulatedStore simulated) =>
        simulated.Files.List(Path.Combine(SimulatedStore.Folder, "segments")).Count;

    private static long BytesOf(SimulatedStore simulated)
    {
        var total = 0L;
        foreach (var name in simulated.Files.List(Path.Combine(SimulatedStore.Folder, "segments")))
            using (var file = simulated.Files.OpenRead(Path.Combine(SimulatedStore.Folder, "segments", name)))
                total += file.Length;
        return total;
    }
}

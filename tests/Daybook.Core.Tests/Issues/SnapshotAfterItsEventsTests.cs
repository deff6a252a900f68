using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Issues;

/// <summary>
/// A snapshot that no longer fits into the entry of its events goes into the next one. A read that was answered when only the first of the
/// two was durable followed the snapshot to where nothing could be read yet.
/// </summary>
public sealed class SnapshotAfterItsEventsTests
{
    [Fact]
    public async Task J4_read_waits_for_a_snapshot_that_went_into_the_entry_after_its_events()
    {
        var ledgers = new FaultyLedgerStore(new MemoryLedgerStore());
        await using var book = await new DaybookBuilder()
            .UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(new MemoryCoordinator())).AddHandlers(typeof(ParcelHandlers))
            .Configure(o => (o.Partitions, o.SnapshotEvery) = (1, 1)).OpenAsync();
        ledgers.Hold();
        var id = new CommandId(Guid.NewGuid());
        var packed = book.SendAsync(new Pack("a", 600_000), id).AsTask();
        await ledgers.WhenHeldAsync(2);
        ledgers.ReleaseNext();
        Assert.IsType<Outcome.Accepted>(await packed);
        var read = book.ReadAsync<Parcel>("a", new StreamVersion(1)).AsTask();
        for (var turns = 0; turns < 500; turns++)
            await book.OutcomeOfAsync(id);
        ledgers.Release();
        Assert.Equal(new Parcel(600_000), (await read).State);
    }
}

[EventType("test.packed")]
public sealed record Packed(string Content);

[Aggregate("parcel")]
public sealed record Parcel(int Length)
{
    public static Parcel Create(Packed e) => new(e.Content.Length);
}

public sealed record Pack(string Parcel, int Length);

public static class ParcelHandlers
{
    public static Decision Handle(Pack c, Parcel? parcel) => Decision.Emit(new Packed(new string('x', c.Length)));
}

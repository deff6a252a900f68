using System.Buffers;
using Daybook.Core.Tests.Engine;
using Daybook.Memory;
using Daybook.Core.Serialization;

namespace Daybook.Core.Tests.States;

/// <summary>A snapshot is a cache of events: one that cannot be read costs a longer fold and nothing else.</summary>
public sealed class UnreadableSnapshotTests
{
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _records = new();

    [Fact]
    public async Task Aggregate_whose_snapshot_cannot_be_read_is_folded_from_its_events()
    {
        await using (var book = await OpenAsync(new BrittleSerializer()))
        {
            await book.Send(new Open("a", 1000));
            for (var i = 0; i < 9; i++)
                await book.Send(new Change("a", 1));
        }
        var brittle = new BrittleSerializer { Refused = typeof(Wallet) };
        await using var reopened = await OpenAsync(brittle);
        var read = await reopened.ReadAsync<Wallet>("a");
        Assert.Equal(9, read.State!.Amount);
        Assert.True(brittle.Refusals > 0, "the snapshot was tried");
        Assert.IsType<Outcome.Accepted>(await reopened.Send(new Change("a", 1)));
        Assert.Equal(10, (await reopened.ReadAsync<Wallet>("a")).State!.Amount);
    }

    private ValueTask<Book> OpenAsync(IEventSerializer serializer) => new DaybookBuilder()
        .UseLedgers(_ => new(_ledgers)).UseCoordinator(_ => new(_records)).AddHandlers(typeof(WalletHandlers)).UseSerializer(serializer)
        .Configure(o => (o.Partitions, o.SnapshotEvery) = (1, 3)).OpenAsync();

    /// <summary>The JSON serializer, with a type that it can no longer read.</summary>
    private sealed class BrittleSerializer : IEventSerializer
    {
        private readonly JsonEventSerializer _json = new();

        public Type? Refused { get; init; }

        public int Refusals { get; private set; }

        public void Serialize(object value, IBufferWriter<byte> destination) => _json.Serialize(value, destination);

        public object Deserialize(Type type, ReadOnlySpan<byte> data)
        {
            if (type != Refused || Refusals++ > 0)
                return _json.Deserialize(type, data);
            throw new NotSupportedException("The constructor has parameters of other names now.");
        }
    }
}

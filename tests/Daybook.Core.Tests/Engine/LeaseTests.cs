using Daybook.Coordination;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

public sealed class LeaseTests
{
    private const string Lease = "partitions/0";

    [Fact]
    public async Task F1_old_owner_acknowledges_nothing_after_the_new_one_has_recovered()
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        await using var old = await Books.OpenAsync(ledgers, coordinator, One);
        await old.Send(new Open("a", 100));
        var opening = Books.OpenAsync(ledgers, coordinator, One).AsTask();
        coordinator.Expire(Lease, tellHolder: false);
        await using var next = await opening;
        await Assert.ThrowsAnyAsync<DaybookException>(async () =>
        {
            if (await old.Send(new Change("a", 1)) is Outcome.InDoubt doubt)
                throw new InDoubtException(ErrorCode.LedgerFenced, doubt.Cause);
        });
        Assert.Equal(0, await next.AmountOf("a"));
    }

    [Fact]
    public async Task F4_nothing_is_answered_from_memory_while_the_lease_is_not_valid()
    {
        var coordinator = new DoubtfulCoordinator();
        await using var book = await Books.OpenAsync(coordinator: coordinator, options: One);
        var id = Books.NewId();
        await book.SendAsync(new Open("a", 100), id);
        coordinator.IsSure = false;
        Assert.Equal(ErrorCode.NotOwner, (await Assert.ThrowsAsync<DaybookException>(() => book.AmountOf("a"))).Code);
        Assert.Equal(ErrorCode.NotOwner, (await Assert.ThrowsAsync<DaybookException>(() => book.AmountOf("b"))).Code);
        Assert.Equal(ErrorCode.NotOwner, (await Assert.ThrowsAsync<DaybookException>(async () => await book.OutcomeOfAsync(Books.NewId()))).Code);
        // A command needs no lease to be safe: its append is what a later owner would have fenced.
        Assert.IsType<Outcome.Accepted>(await book.Send(new Change("a", 1)));
        coordinator.IsSure = true;
        Assert.Equal(1, await book.AmountOf("a"));
        Assert.NotNull(await book.OutcomeOfAsync(id));
    }

    [Fact]
    public async Task F5_lost_lease_ends_the_ownership_and_the_next_lease_begins_another()
    {
        var coordinator = new MemoryCoordinator();
        await using var book = await Books.OpenAsync(coordinator: coordinator, options: One);
        await book.Send(new Open("a", 100));
        var before = Assert.Single(book.Partitions).Epoch;
        coordinator.Expire(Lease);
        Assert.IsType<Outcome.Accepted>(await book.Insist(new Change("a", 1)));
        while (Assert.Single(book.Partitions).Epoch is not { } epoch || epoch <= before)
            await Task.Yield();
        Assert.Equal(1, await book.AmountOf("a"));
    }

    private static void One(DaybookOptions options) => options.Partitions = 1;

    /// <summary>Gives out leases that can lose their certainty and win it back, as one does while its session has no server.</summary>
    private sealed class DoubtfulCoordinator : ICoordinator
    {
        private readonly MemoryCoordinator _inner = new();

        public bool IsSure { get; set; } = true;

        public ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default) =>
            _inner.ReadAsync(key, cancellationToken);

        public ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
            _inner.CreateAsync(key, value, cancellationToken);

        public ValueTask<CoordinationRecord> UpdateAsync(
            string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default) =>
            _inner.UpdateAsync(key, value, expectedVersion, cancellationToken);

        public ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
            _inner.DeleteAsync(key, expectedVersion, cancellationToken);

        public ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            _inner.ListAsync(prefix, cancellationToken);

        public async ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default) =>
            new DoubtfulLease(this, await _inner.AcquireAsync(name, cancellationToken));

        private sealed class DoubtfulLease(DoubtfulCoordinator coordinator, ILease inner) : ILease
        {
            public string Name => inner.Name;

            public Epoch Epoch => inner.Epoch;

            public bool IsValid => coordinator.IsSure && inner.IsValid;

            public CancellationToken Lost => inner.Lost;

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

using Daybook.Core.Partitions;
using Daybook.Core.Tests.Engine;
using Daybook.Core.Tests.Transactions;
using Daybook.Core.Transactions;
using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Testing.Faults;
using Daybook.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daybook.Core.Tests.Partitions;

public sealed class HealthTests
{
    [Fact]
    public async Task J9_partition_without_an_owner_is_seen_with_the_reason_and_refuses_work_as_transient()
    {
        var ledgers = new ClosableStore(new MemoryLedgerStore());
        var faulty = new FaultyLedgerStore(ledgers);
        await using var book = await Books.OpenAsync(faulty, options: o => o.Partitions = 1);
        await book.Send(new Open("a", 100));
        ledgers.RefusesToCreate = true;
        faulty.FailAppends();
        Assert.IsType<Outcome.InDoubt>(await book.Send(new Change("a", 1)));
        while (book.Partitions[0] is { IsOwned: true } or { Error: null })
            await Task.Yield();
        Assert.NotNull(book.Partitions[0].Error);
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Change("a", 1)));
        Assert.Equal(ErrorCode.NotOwner, refused.Code);
        Assert.True(refused.IsTransient);
        faulty.StopFailing();
        ledgers.RefusesToCreate = false;
        Assert.IsType<Outcome.Accepted>(await book.Insist(new Change("a", 1)));
        Assert.True(book.Partitions[0].IsOwned);
        Assert.Null(book.Partitions[0].Error);
    }

    [Fact]
    public async Task J9_partition_that_makes_no_progress_reports_for_how_long()
    {
        var (time, ledgers) = (new ManualTime(), new FaultyLedgerStore(new MemoryLedgerStore()));
        await using var book = await new DaybookBuilder().UseLedgers(_ => new(ledgers)).UseCoordinator(_ => new(new MemoryCoordinator()))
            .AddHandlers(typeof(WalletHandlers)).Configure(o => o.Partitions = 1).OpenAsync(time: time);
        Assert.Equal(TimeSpan.Zero, book.Partitions[0].StalledFor);
        ledgers.Hold();
        var open = book.Send(new Open("a", 100)).AsTask();
        await ledgers.WhenHeldAsync(1);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(30), book.Partitions[0].StalledFor);
        ledgers.Release();
        await open;
        Assert.Equal(TimeSpan.Zero, book.Partitions[0].StalledFor);
    }

    [Fact]
    public async Task Answer_to_the_first_question_of_an_owner_finds_it()
    {
        var script = new Script();
        script.Send(script.List(0), script.List(1));
        script.Deliver<LockMessage>();
        script.Deliver<GrantMessage>();
        script.Deliver<PrepareMessage>();
        script.Flush(1);
        script.Owner(1).Vanish();
        var asked = new TaskCompletionSource<bool>();
        PartitionHost? host = null;
        var readiness = new BookReadiness();
        await using var storage = new Opening<BookStorage>(
            "store", _ => new(new BookStorage(script.Book.Store, script.Book.Coordinator, Guid.Empty, [])), readiness, TimeProvider.System, NullLogger.Instance);
        storage.Start();
        await using var ownership = new BookOwnership(storage, readiness, TimeProvider.System);
        var services = new PartitionServices
        {
            Ownership = ownership, Readiness = readiness, Model = script.Book.Model, Map = script.Book.Map,
            Limits = script.Book.Limits, CommandWindow = 100, Time = TimeProvider.System, Logging = NullLoggerFactory.Instance,
        };
        host = new PartitionHost(
            new PartitionId(1), services, message => asked.TrySetResult(message is QueryMessage && host!.Owner is not null), _ => { }, (_, _) => { });
        host.Start();
        await host.FirstOwned;
        Assert.True(await asked.Task);
        await host.DisposeAsync();
    }

    /// <summary>A store that on request creates no more ledgers.</summary>
    private sealed class ClosableStore(ILedgerStore inner) : ILedgerStore
    {
        public bool RefusesToCreate { get; set; }

        public int MaxEntryBytes => inner.MaxEntryBytes;

        public bool OrdersAcrossLedgers => inner.OrdersAcrossLedgers;

        public ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default) => RefusesToCreate
            ? throw new DaybookException(ErrorCode.Unavailable, "The store does not answer.")
            : inner.CreateAsync(metadata, cancellationToken);

        public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.OpenAsync(ledger, cancellationToken);

        public ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
            inner.RecoverAsync(ledger, cancellationToken);

        public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.DeleteAsync(ledger, cancellationToken);

        public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);
    }
}

using Daybook.Ledgers;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>An error that persists until an operator acts is not transient, so a loop that retries transient errors ends.</summary>
public sealed class ClosedBookTests
{
    [Fact]
    public async Task Disposed_book_answers_closed_and_not_transient()
    {
        var book = await Books.OpenAsync();
        var accepted = (Outcome.Accepted)await book.Send(new Open("a", 100));
        await book.DisposeAsync();
        await book.DisposeAsync();
        foreach (var late in Requests(book, accepted))
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(() => late().WaitAsync(Blocking.Patience));
            Assert.Equal((ErrorCode.Closed, false), (refused.Code, refused.IsTransient));
        }
        Assert.All(book.Partitions, partition => Assert.False(partition.IsOwned));
    }

    [Fact]
    public async Task Stopped_store_is_answered_by_its_own_code_and_not_as_transient_until_it_is_mended()
    {
        var store = new StoppingStore(new MemoryLedgerStore());
        await using var book = await Books.OpenAsync(store, options: o => o.Partitions = 1);
        var accepted = (Outcome.Accepted)await book.Send(new Open("a", 100));
        store.IsStopped = true;
        Assert.IsType<Outcome.InDoubt>(await book.Send(new Change("a", 1)));
        await UntilAsync(async () => await CodeOfAsync(book) == ErrorCode.StoreFailed);
        foreach (var request in Requests(book, accepted))
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(() => request().WaitAsync(Blocking.Patience));
            Assert.Equal((ErrorCode.StoreFailed, false), (refused.Code, refused.IsTransient));
            Assert.Contains("disk full", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("may or may not", refused.Message, StringComparison.Ordinal);
        }
        Assert.Contains("disk full", Assert.Single(book.Partitions).Error, StringComparison.Ordinal);
        store.IsStopped = false;
        await UntilAsync(async () => await CodeOfAsync(book) is null);
        Assert.Equal(0, await book.AmountOf("a"));
    }

    private static Func<Task>[] Requests(Book book, Outcome.Accepted accepted) =>
    [
        () => book.Send(new Open("b", 1)).AsTask(),
        () => book.Send(new Move("a", "b", 1)).AsTask(),
        () => book.ReadAsync<Wallet>("a").AsTask(),
        () => book.OutcomeOfAsync(accepted.CommandId).AsTask(),
        () => book.PositionsOfAsync(accepted).AsTask(),
        () => book.TruncateAsync(default, default).AsTask(),
        () => book.Streams.AppendAsync(new StreamId("raw/1"), ExpectedVersion.Any, new[] { new EventData("x", default) }, Books.NewId()).AsTask(),
        () => book.Streams.ReadAsync(new StreamId("wallet/a")).ToListAsync().AsTask(),
    ];

    private static async Task<ErrorCode?> CodeOfAsync(Book book)
    {
        try
        {
            await book.AmountOf("a");
            return null;
        }
        catch (DaybookException e)
        {
            return e.Code;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Blocking.Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A store that refuses everything after a failed write, as the embedded one does on a full disk.</summary>
    private sealed class StoppingStore(ILedgerStore inner) : ILedgerStore
    {
        public bool IsStopped { get; set; }

        public int MaxEntryBytes => inner.MaxEntryBytes;

        public bool OrdersAcrossLedgers => inner.OrdersAcrossLedgers;

        public async ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default)
        {
            Check();
            return new StoppingWriter(this, await inner.CreateAsync(metadata, cancellationToken));
        }

        public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default)
        {
            Check();
            return inner.OpenAsync(ledger, cancellationToken);
        }

        public ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default)
        {
            Check();
            return inner.RecoverAsync(ledger, cancellationToken);
        }

        public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
        {
            Check();
            return inner.DeleteAsync(ledger, cancellationToken);
        }

        public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

        private void Check()
        {
            if (IsStopped)
                throw new DaybookException(ErrorCode.StoreFailed, "The store has stopped and must be opened again: disk full");
        }

        private sealed class StoppingWriter(StoppingStore store, ILedgerWriter inner) : ILedgerWriter
        {
            public LedgerId Id => inner.Id;

            public EntryId LastAddConfirmed => inner.LastAddConfirmed;

            public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry) => store.IsStopped
                ? Task.FromException<EntryId>(new InDoubtException(ErrorCode.StoreFailed, "This may or may not have been written: disk full"))
                : inner.AppendAsync(entry);

            public ValueTask CloseAsync(CancellationToken cancellationToken = default) => inner.CloseAsync(cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

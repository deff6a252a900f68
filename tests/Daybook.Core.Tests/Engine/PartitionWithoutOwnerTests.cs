using Daybook.Ledgers;
using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Engine;

/// <summary>A partition that cannot be taken over, because its ledgers cannot be recovered for now, in a book whose other partitions
/// work.</summary>
public sealed class PartitionWithoutOwnerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task T11_transactions_over_it_are_refused_and_those_beside_it_go_on()
    {
        var ledgers = new FaultyLedgerStore(new MemoryLedgerStore());
        var store = new Unrecoverable(ledgers);
        await using var book = await Books.OpenAsync(store, options: options => options.Partitions = 2);
        string[] wallets = [.. Enumerable.Range(0, 20).Select(i => $"wallet-{i}")];
        foreach (var wallet in wallets)
            Assert.IsType<Outcome.Accepted>(await book.Send(new Open(wallet, 100)));
        await LoseOnePartitionAsync(book, ledgers, store);
        var lost = new List<string>();
        foreach (var wallet in wallets)
        {
            if (await IsRefusedAsync(book, wallet))
                lost.Add(wallet);
        }
        string[] kept = [.. wallets.Except(lost)];

        var refused = await Assert.ThrowsAsync<DaybookException>(() => book.Send(new Move(kept[0], lost[0], 0)).AsTask().WaitAsync(s_patience));
        Assert.Equal((ErrorCode.NotOwner, true), (refused.Code, refused.IsTransient));
        Assert.IsType<Outcome.Accepted>(await book.Send(new Move(kept[0], kept[1], 0)).AsTask().WaitAsync(s_patience));
        store.IsDown = false;
        Assert.IsType<Outcome.Accepted>(await book.Insist(new Move(kept[0], lost[0], 0)).WaitAsync(s_patience));
    }

    private static async Task LoseOnePartitionAsync(Book book, FaultyLedgerStore ledgers, Unrecoverable store)
    {
        store.IsDown = true;
        ledgers.FailAppends();
        Assert.IsType<Outcome.InDoubt>(await book.Send(new Open("one more", 100)));
        while (book.Partitions.All(partition => partition.IsOwned))
            await Task.Yield();
        ledgers.StopFailing();
    }

    private static async Task<bool> IsRefusedAsync(Book book, string wallet)
    {
        try
        {
            await book.AmountOf(wallet);
            return false;
        }
        catch (DaybookException e) when (e.Code == ErrorCode.NotOwner)
        {
            return true;
        }
    }

    private sealed class Unrecoverable(ILedgerStore inner) : ILedgerStore
    {
        public bool IsDown { get; set; }

        public int MaxEntryBytes => inner.MaxEntryBytes;

        public bool OrdersAcrossLedgers => inner.OrdersAcrossLedgers;

        public ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default) =>
            inner.CreateAsync(metadata, cancellationToken);

        public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.OpenAsync(ledger, cancellationToken);

        public ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default) => IsDown
            ? throw new DaybookException(ErrorCode.Unavailable, "Too few bookies are there.")
            : inner.RecoverAsync(ledger, cancellationToken);

        public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.DeleteAsync(ledger, cancellationToken);

        public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);
    }
}

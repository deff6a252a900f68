using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>Mistakes that a recovery could make, made for it between it and its bookies and metadata.</summary>
internal enum SeededBug
{
    None,

    /// <summary>The defect of issue 2614: reads of entries do not fence.</summary>
    ReadsDoNotFence,

    FencesNobody,

    SilenceIsNegative,

    OneNegativeDecides,

    FailedAddsCount,

    ForgetsWhereTheLastFragmentStarts,

    WritesEnsembleChangesAtOnce,

    ClosesOverOthers,
}

internal static class Mutations
{
    public static ClientServices Of(SeededBug bug, LedgerWorld world)
    {
        var services = world.Services;
        return services with
        {
            Bookies = new MutatedBookies(services.Bookies, bug),
            Metadata = new MutatedMetadata(services.Metadata, bug),
            Selection = bug == SeededBug.WritesEnsembleChangesAtOnce ? new HastySelection(world) : services.Selection,
        };
    }

    private sealed class MutatedBookies(IBookies inner, SeededBug bug) : IBookies
    {
        private readonly HashSet<EntryId> _denied = [];

        public void Read(BookieId bookie, in ReadRequest request, IReadAnswers answers, int position)
        {
            var unfenced = bug == SeededBug.FencesNobody || (bug == SeededBug.ReadsDoNotFence && request.Entry != EntryId.None);
            var sent = unfenced ? request with { Options = request.Options & ~ReadOptions.Fence } : request;
            inner.Read(bookie, sent, new MutatedAnswers(this, reads: answers), position);
        }

        public void Add(BookieId bookie, in AddRequest request, IAddAnswers answers, int position) =>
            inner.Add(bookie, request, new MutatedAnswers(this, adds: answers), position);

        public Task<BatchAnswer> ReadBatchAsync(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes) => throw new NotSupportedException();

        public Task<BookieStatus> WriteLacAsync(BookieId bookie, LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet) =>
            throw new NotSupportedException();

        public Task<LacAnswer> ReadLacAsync(BookieId bookie, LedgerId ledger) => throw new NotSupportedException();

        public Task<BookieStatus> ForceAsync(BookieId bookie, LedgerId ledger) => throw new NotSupportedException();

        public Task<(BookieStatus Status, EntryListing? Entries)> ListEntriesAsync(BookieId bookie, LedgerId ledger) => throw new NotSupportedException();

        public Task<(BookieStatus Status, long TotalBytes, long FreeBytes)> InfoAsync(BookieId bookie) => throw new NotSupportedException();

        private sealed class MutatedAnswers(MutatedBookies owner, IReadAnswers? reads = null, IAddAnswers? adds = null) : IReadAnswers, IAddAnswers
        {
            public void Added(BookieId bookie, int position, EntryId entry, BookieStatus status) =>
                adds!.Added(bookie, position, entry, owner.IsBug(SeededBug.FailedAddsCount) ? BookieStatus.Ok : status);

            public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response) =>
                reads!.Read(bookie, position, asked, owner.Mutate(asked, response));
        }

        private bool IsBug(SeededBug which) => bug == which;

        private ReadResponse Mutate(EntryId asked, in ReadResponse response)
        {
            if (bug == SeededBug.SilenceIsNegative && response.Status < BookieStatus.Ok)
                return response with { Status = BookieStatus.NoEntry };
            if (bug != SeededBug.OneNegativeDecides || asked == EntryId.None)
                return response;
            if (response.Status == BookieStatus.NoEntry)
                _denied.Add(asked);
            return _denied.Contains(asked) ? new ReadResponse(BookieStatus.NoEntry, response.Ledger, asked) : response;
        }
    }

    private sealed class MutatedMetadata(ILedgerMetadataStore inner, SeededBug bug) : ILedgerMetadataStore
    {
        public async ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default)
        {
            var found = await inner.ReadAsync(ledger, cancellationToken);
            return bug == SeededBug.ForgetsWhereTheLastFragmentStarts
                ? found with { Value = found.Value with { Segments = [found.Value.Current with { First = new EntryId(0) }] } }
                : found;
        }

        public async ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default)
        {
            if (bug == SeededBug.ClosesOverOthers)
                expectedVersion = (await inner.ReadAsync(metadata.Ledger, cancellationToken)).Version;
            return await inner.WriteAsync(metadata, expectedVersion, cancellationToken);
        }

        public ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<VersionedMetadata> CreateAtAsync(LedgerMetadata metadata, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class HastySelection(LedgerWorld world) : IBookieSelection
    {
        public ImmutableArray<BookieId> ChooseEnsemble(QuorumSizes sizes) => throw new NotSupportedException();

        public BookieId? ChooseReplacement(QuorumSizes sizes, ImmutableArray<BookieId> ensemble, int position)
        {
            var chosen = world.Selection.ChooseReplacement(sizes, ensemble, position);
            if (chosen is { } bookie && world.Now.State != LedgerState.Closed && !world.Now.Current.Bookies.Contains(bookie))
                world.Metadata.Put(world.Now.ChangeEnsemble(world.Now.Current.First, world.Now.Current.Bookies.SetItem(position, bookie)));
            return chosen;
        }

        public void Avoid(BookieId bookie) => world.Selection.Avoid(bookie);
    }
}

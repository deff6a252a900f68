using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Tests.Fakes;
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
            Bookies = Mutated(services.Bookies, bug),
            Metadata = Mutated(services.Metadata, bug),
            Selection = bug == SeededBug.WritesEnsembleChangesAtOnce ? new HastySelection(world) : services.Selection,
        };
    }

    /// <summary>The request without its fence.</summary>
    public static ReadRequest Unfenced(ReadRequest request) => request with { Options = request.Options & ~ReadOptions.Fence };

    /// <summary>A bookie that does not answer counts as lacking the entry.</summary>
    public static ReadResponse SilenceDenies(ReadResponse response) =>
        response.Status < BookieStatus.Ok ? response with { Status = BookieStatus.NoEntry } : response;

    private static TamperedBookies Mutated(IBookies inner, SeededBug bug)
    {
        var denied = new HashSet<EntryId>();
        return new TamperedBookies(inner)
        {
            OnRead = request => bug == SeededBug.FencesNobody || (bug == SeededBug.ReadsDoNotFence && request.Entry != EntryId.None) ? Unfenced(request) : request,
            OnAdded = status => bug == SeededBug.FailedAddsCount ? BookieStatus.Ok : status,
            OnReadAnswer = (asked, response) => bug switch
            {
                SeededBug.SilenceIsNegative => SilenceDenies(response),
                SeededBug.OneNegativeDecides when asked != EntryId.None => OnceDeniedAlwaysDenied(denied, asked, response),
                _ => response,
            },
        };
    }

    private static ReadResponse OnceDeniedAlwaysDenied(HashSet<EntryId> denied, EntryId asked, ReadResponse response)
    {
        if (response.Status == BookieStatus.NoEntry)
            denied.Add(asked);
        return denied.Contains(asked) ? new ReadResponse(BookieStatus.NoEntry, response.Ledger, asked) : response;
    }

    private static TamperedMetadata Mutated(ILedgerMetadataStore inner, SeededBug bug) => new(inner)
    {
        OnRead = found => bug == SeededBug.ForgetsWhereTheLastFragmentStarts
            ? found with { Value = found.Value with { Segments = [found.Value.Current with { First = new EntryId(0) }] } }
            : found,
        IsBlind = _ => bug == SeededBug.ClosesOverOthers,
    };

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

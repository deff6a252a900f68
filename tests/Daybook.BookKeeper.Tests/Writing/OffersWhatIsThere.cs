using System.Collections.Immutable;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>A selection that breaks its contract: as replacement it offers a bookie of the ensemble, or throws.</summary>
internal sealed class OffersWhatIsThere(bool throws = false) : IBookieSelection
{
    public ImmutableArray<BookieId> ChooseEnsemble(QuorumSizes sizes) => [.. Enumerable.Range(1, sizes.Ensemble).Select(i => new BookieId($"b{i}"))];

    public BookieId? ChooseReplacement(QuorumSizes sizes, ImmutableArray<BookieId> ensemble, int position) =>
        throws ? throw new InvalidOperationException("a policy of the user's that fails") : ensemble[^1];

    public void Avoid(BookieId bookie)
    {
    }
}

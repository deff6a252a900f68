namespace Daybook.BookKeeper.Placement;

/// <summary>Any bookie is as likely as any other.</summary>
internal sealed class SpreadPlacement(Random random) : IEnsemblePlacement
{
    private readonly SharedShuffle _shuffle = new(random);

    public IReadOnlyList<BookieId> ChooseEnsemble(PlacementRequest request) => [.. _shuffle.Of(request.Candidates).Take(request.Count)];

    public BookieId? ChooseReplacement(PlacementRequest request, int position) =>
        request.Candidates.Count == 0 ? null : _shuffle.Of(request.Candidates)[0];
}

namespace Daybook.BookKeeper.Tests.Placement;

/// <summary>A policy that a test scripts.</summary>
internal sealed class Policy : IEnsemblePlacement
{
    public Func<PlacementRequest, IReadOnlyList<BookieId>> Ensemble { get; init; } = request => [.. request.Candidates.Take(request.Count)];

    public Func<PlacementRequest, int, BookieId?> Replacement { get; init; } = (request, _) => request.Candidates[0];

    public List<PlacementRequest> Asked { get; } = [];

    public IReadOnlyList<BookieId> ChooseEnsemble(PlacementRequest request)
    {
        Asked.Add(request);
        return Ensemble(request);
    }

    public BookieId? ChooseReplacement(PlacementRequest request, int position)
    {
        Asked.Add(request);
        return Replacement(request, position);
    }
}

namespace Daybook.BookKeeper;

/// <summary>Chooses the bookies of a ledger. Must be safe for many threads. The default spreads at random; <c>RackAwarePlacement</c> spreads over racks.</summary>
public interface IEnsemblePlacement
{
    /// <summary>Chooses the bookies of a new ledger, in the order of the ensemble's positions.</summary>
    /// <param name="request">How many are needed and which may be taken.</param>
    /// <returns>As many different bookies as <see cref="PlacementRequest.Count"/>; fewer, or none, when there are not enough.</returns>
    IReadOnlyList<BookieId> ChooseEnsemble(PlacementRequest request);

    /// <summary>Chooses one bookie for the place of another.</summary>
    /// <param name="request">The bookies that may be taken; none of <see cref="PlacementRequest.Ensemble"/> is.</param>
    /// <param name="position">The position that is replaced.</param>
    /// <returns>Null when there is none.</returns>
    BookieId? ChooseReplacement(PlacementRequest request, int position);
}

/// <summary>What an <see cref="IEnsemblePlacement"/> chooses from.</summary>
/// <param name="Count">How many bookies the ensemble has (E).</param>
/// <param name="WriteQuorum">Qw.</param>
/// <param name="AckQuorum">Qa.</param>
/// <param name="Candidates">The bookies that take writes and have not failed lately, in ordinal order of their names.</param>
/// <param name="Ensemble">The present bookies by position when one of them is replaced; else empty.</param>
public sealed record PlacementRequest(int Count, int WriteQuorum, int AckQuorum, IReadOnlyList<BookieId> Candidates, IReadOnlyList<BookieId> Ensemble);

using System.Collections.Immutable;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Placement;

/// <summary>Chooses bookies for ledgers: asks the user's policy, offers it only bookies that take writes and have not failed lately, and checks its choice.</summary>
internal interface IBookieSelection
{
    /// <summary>The bookies of a new ledger.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.NotEnoughBookies"/>, naming how many there are.</exception>
    ImmutableArray<BookieId> ChooseEnsemble(QuorumSizes sizes);

    /// <summary>A bookie for the place of one that failed, that is not in the ensemble; one that failed lately only if nobody else is left, and a second after it failed.</summary>
    /// <returns>Null when there is none.</returns>
    BookieId? ChooseReplacement(QuorumSizes sizes, ImmutableArray<BookieId> ensemble, int position);

    /// <summary>A bookie failed a write: it is not chosen for a while, unless nobody else is left; for twice as long when it had failed shortly before.</summary>
    void Avoid(BookieId bookie);

    /// <summary>A bookie did not answer when it was asked whether it serves. That costs nobody anything, so it may be asked again soon.</summary>
    void Unanswered(BookieId bookie) => Avoid(bookie);
}

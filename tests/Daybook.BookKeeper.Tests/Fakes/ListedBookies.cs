using System.Collections.Immutable;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Chooses bookies in the order of a list.</summary>
internal sealed class ListedBookies(params string[] bookies) : IBookieSelection
{
    public List<BookieId> Candidates { get; } = [.. bookies.Select(name => new BookieId(name))];

    public List<BookieId> Avoided { get; } = [];

    public ImmutableArray<BookieId> ChooseEnsemble(QuorumSizes sizes) => Candidates.Count >= sizes.Ensemble
        ? [.. Candidates.Take(sizes.Ensemble)]
        : throw new BookKeeperException(BookKeeperError.NotEnoughBookies, $"{Candidates.Count} bookies are not {sizes.Ensemble}");

    public BookieId? ChooseReplacement(QuorumSizes sizes, ImmutableArray<BookieId> ensemble, int position)
    {
        foreach (var candidate in Candidates)
        {
            if (!ensemble.Contains(candidate) && !Avoided.Contains(candidate))
                return candidate;
        }
        return null;
    }

    public void Avoid(BookieId bookie) => Avoided.Add(bookie);
}

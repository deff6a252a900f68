using Daybook.BookKeeper.Placement;

namespace Daybook.BookKeeper;

/// <summary>
/// Spreads over racks, or other units that fail together: each write set, the bookies that hold one entry, spans several. As far as there is a choice,
/// neighbours in an ensemble are of different racks, and a bookie is replaced by one of its own rack.
/// </summary>
/// <param name="rackOf">The rack of a bookie. Asked at each choice, by many threads, so it should know without waiting.</param>
public sealed class RackAwarePlacement(Func<BookieId, string> rackOf) : IEnsemblePlacement
{
    private readonly Func<BookieId, string> _rackOf = rackOf ?? throw new ArgumentNullException(nameof(rackOf));
    private readonly SharedShuffle _shuffle = new(Random.Shared);

    /// <summary>Chooses by a random source of one's own, for tests.</summary>
    internal RackAwarePlacement(Func<BookieId, string> rackOf, Random random)
        : this(rackOf) => _shuffle = new SharedShuffle(random);

    /// <summary>How many racks each write set spans, or as many as it has bookies if those are fewer. Default 2.</summary>
    public int MinRacks
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A write set spans one rack at least.");
    } = 2;

    /// <summary>Whether to choose nobody rather than those that span too few racks. Default no: then as many as there are.</summary>
    public bool Strict { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<BookieId> ChooseEnsemble(PlacementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var search = new RackSearch(_shuffle.Of(request.Candidates), _rackOf, request.Count, request.WriteQuorum);
        for (var racks = Math.Min(MinRacks, request.WriteQuorum); racks > 0; racks--)
        {
            if (search.Find(racks) is { } ensemble)
                return ensemble;
            if (Strict)
                break;
        }
        return [];
    }

    /// <inheritdoc/>
    public BookieId? ChooseReplacement(PlacementRequest request, int position)
    {
        ArgumentNullException.ThrowIfNull(request);
        var racks = request.Ensemble.Select(_rackOf).ToArray();
        var old = racks[position];
        var needed = Math.Min(MinRacks, request.WriteQuorum);
        var best = _shuffle.Of(request.Candidates)
            .Select(bookie => (Bookie: bookie, Rack: _rackOf(bookie)))
            .Select(candidate => (candidate.Bookie, candidate.Rack, Lacking: Lacking(racks, position, candidate.Rack, request.WriteQuorum, needed)))
            .Where(candidate => candidate.Lacking == 0 || !Strict)
            .OrderBy(candidate => candidate.Lacking).ThenBy(candidate => candidate.Rack == old ? 0 : 1)
            .ToList();
        return best.Count > 0 ? best[0].Bookie : null;
    }

    /// <summary>How many racks the write sets of a position lack, taken together, with a rack at that position.</summary>
    private static int Lacking(string[] racks, int position, string rack, int writeQuorum, int needed)
    {
        string[] with = [.. racks];
        with[position] = rack;
        return Enumerable.Range(0, Math.Min(writeQuorum, racks.Length))
            .Select(back => (position - back + racks.Length) % racks.Length)
            .Sum(start => Math.Max(0, needed - RackSearch.RacksFrom(with, start, writeQuorum)));
    }
}

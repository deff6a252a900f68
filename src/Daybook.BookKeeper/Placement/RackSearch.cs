namespace Daybook.BookKeeper.Placement;

/// <summary>
/// Looks for an ensemble whose write sets span enough racks: position by position, back to another rack where one leads nowhere. Bookies of a rack
/// are alike, so it tries racks, and takes the first bookie left of each.
/// </summary>
internal sealed class RackSearch(BookieId[] candidates, Func<BookieId, string> rackOf, int count, int writeQuorum)
{
    // Where this does not suffice there hardly is one; real ensembles need a few hundred at most.
    private const int MaxSteps = 20_000;

    private readonly (BookieId Bookie, string Rack)[] _candidates = [.. candidates.Select(bookie => (bookie, rackOf(bookie)))];
    private readonly bool[] _isTaken = new bool[candidates.Length];
    private readonly BookieId[] _ensemble = new BookieId[count];
    private readonly string[] _racks = new string[count];
    private int _steps;

    /// <summary>An ensemble in which every write set spans the wanted number of racks; null when there is none.</summary>
    public BookieId[]? Find(int racks)
    {
        Array.Clear(_isTaken);
        _steps = 0;
        return candidates.Length >= count && Place(0, racks) ? _ensemble : null;
    }

    /// <summary>How many racks a write set spans.</summary>
    public static int RacksFrom(string[] racks, int start, int writeQuorum) =>
        Enumerable.Range(start, writeQuorum).Select(at => racks[at % racks.Length]).Distinct().Count();

    private bool Place(int position, int needed)
    {
        if (position == count)
            return Enumerable.Range(0, count).All(start => RacksFrom(_racks, start, writeQuorum) >= needed);
        foreach (var index in Choices(position))
        {
            if (++_steps > MaxSteps)
                return false;
            (_isTaken[index], _ensemble[position], _racks[position]) = (true, _candidates[index].Bookie, _candidates[index].Rack);
            var start = position - writeQuorum + 1;
            if ((start < 0 || RacksFrom(_racks, start, writeQuorum) >= needed) && Place(position + 1, needed))
                return true;
            _isTaken[index] = false;
        }
        return false;
    }

    /// <summary>One bookie of each rack that has any left, in their random order, but those of racks that the write sets have already come last.</summary>
    private List<int> Choices(int position)
    {
        var near = Enumerable.Range(1, writeQuorum - 1)
            .SelectMany(distance => new[] { position - distance, position + distance - count })
            .Where(at => at >= 0 && at < position).Select(at => _racks[at]).ToHashSet();
        return
        [
            .. Enumerable.Range(0, _candidates.Length).Where(index => !_isTaken[index]).DistinctBy(index => _candidates[index].Rack)
                .OrderBy(index => near.Contains(_candidates[index].Rack) ? 1 : 0),
        ];
    }
}

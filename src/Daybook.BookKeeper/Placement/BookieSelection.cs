using System.Collections.Concurrent;
using System.Collections.Immutable;
using Daybook.BookKeeper.Quorums;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Placement;

/// <summary>Asks the policy, and keeps it to the bookies that there are.</summary>
internal sealed class BookieSelection(IBookieDirectory directory, BookKeeperOptions options) : IBookieSelection
{
    /// <summary>
    /// A bookie that failed that long ago is chosen if no other can be: it may be back, and a ledger that lacks a bookie is worse off. Not
    /// sooner, or two dead bookies would take turns in a ledger as fast as ZooKeeper can write.
    /// </summary>
    private static readonly TimeSpan s_lastResortAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(1);

    private readonly IEnsemblePlacement _policy = options.Placement ?? new SpreadPlacement(options.Random);
    private readonly ILogger _log = options.Logging.CreateLogger<BookieSelection>();
    private readonly ConcurrentDictionary<BookieId, Failures> _avoided = new();

    public ImmutableArray<BookieId> ChooseEnsemble(QuorumSizes sizes)
    {
        var (good, avoided) = Candidates([]);
        for (var taken = 0; taken <= avoided.Count; taken++)
        {
            // Those that failed come last, and the one that failed longest ago first.
            BookieId[] candidates = [.. good.Concat(avoided.Take(taken)).OrderBy(bookie => bookie.Value, StringComparer.Ordinal)];
            if (candidates.Length >= sizes.Ensemble && Ask(RequestOf(sizes, candidates, [])) is { } ensemble)
                return ensemble;
        }
        throw NotEnough(sizes, good, avoided);
    }

    public BookieId? ChooseReplacement(QuorumSizes sizes, ImmutableArray<BookieId> ensemble, int position)
    {
        var (good, avoided) = Candidates(ensemble);
        var now = options.Time.GetUtcNow();
        List<BookieId> lastResort = [.. avoided.Where(bookie => _avoided.GetValueOrDefault(bookie)?.Last + PauseOf(bookie, s_lastResortAfter) <= now)];
        for (var taken = 0; taken <= lastResort.Count; taken++)
        {
            List<BookieId> candidates = [.. good, .. lastResort.Take(taken)];
            if (candidates.Count > 0 && AskOne(RequestOf(sizes, candidates, ensemble), position) is { } chosen)
                return chosen;
        }
        return null;
    }

    public void Avoid(BookieId bookie)
    {
        var now = options.Time.GetUtcNow();
        _avoided.AddOrUpdate(bookie, _ => new Failures(now, 0), (_, known) => known.Again(now, s_lastResortAfter));
        PlacementLog.Avoided(_log, bookie, PauseOf(bookie, options.AvoidFor));
    }

    public void Unanswered(BookieId bookie)
    {
        var now = options.Time.GetUtcNow();
        _avoided.AddOrUpdate(bookie, _ => new Failures(now, 0), (_, known) => known with { Last = now });
    }

    /// <summary>How long a bookie is left alone after its last failure: twice as long each time it failed again, so that changes are bounded by failures.</summary>
    private TimeSpan PauseOf(BookieId bookie, TimeSpan first)
    {
        var pause = first * (1 << (_avoided.GetValueOrDefault(bookie)?.Repeats ?? 0));
        return pause < s_longestPause ? pause : first > s_longestPause ? first : s_longestPause;
    }

    private static PlacementRequest RequestOf(QuorumSizes sizes, IReadOnlyList<BookieId> candidates, IReadOnlyList<BookieId> ensemble) =>
        new(sizes.Ensemble, sizes.Write, sizes.Ack, candidates, ensemble);

    /// <returns>Null when the policy finds not enough.</returns>
    private ImmutableArray<BookieId>? Ask(PlacementRequest request)
    {
        var chosen = Call(() => _policy.ChooseEnsemble(request)) ?? throw Bad("gave null for an ensemble");
        var strangers = chosen.Except(request.Candidates).ToList();
        if (strangers.Count > 0)
            throw Bad($"chose {Names(strangers)}, which is not among the candidates {Names(request.Candidates)}");
        if (chosen.Distinct().Count() != chosen.Count)
            throw Bad($"chose a bookie twice: {Names(chosen)}");
        if (chosen.Count > request.Count)
            throw Bad($"chose {chosen.Count} bookies for an ensemble of {request.Count}: {Names(chosen)}");
        return chosen.Count == request.Count ? [.. chosen] : null;
    }

    /// <returns>Null when the policy finds none.</returns>
    private BookieId? AskOne(PlacementRequest request, int position)
    {
        if (Call(() => (BookieId?[])[_policy.ChooseReplacement(request, position)])[0] is not { } chosen)
            return null;
        return request.Candidates.Contains(chosen) ? chosen : throw Bad($"chose {chosen}, which is not among the candidates {Names(request.Candidates)}");
    }

    private T Call<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e)
        {
            throw Bad($"failed: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>The writable bookies that are not in an ensemble: the candidates, and those that failed recently, by the end of their
    /// exclusion.</summary>
    private (List<BookieId> Good, List<BookieId> Avoided) Candidates(ImmutableArray<BookieId> ensemble)
    {
        var now = options.Time.GetUtcNow();
        foreach (var pair in _avoided)
        {
            // What it failed before is remembered as long again, for the pause after its next failure.
            if (pair.Value.Last + 2 * PauseOf(pair.Key, options.AvoidFor) <= now)
                _avoided.TryRemove(pair);
        }
        bool IsAvoided(BookieId bookie) => _avoided.TryGetValue(bookie, out var failures) && failures.Last + PauseOf(bookie, options.AvoidFor) > now;
        var all = directory.Writable.Select(bookie => bookie.Bookie).Where(bookie => !ensemble.Contains(bookie)).ToLookup(IsAvoided);
        return ([.. all[false]], [.. all[true].OrderBy(bookie => _avoided.GetValueOrDefault(bookie)?.Last).ThenBy(bookie => bookie.Value, StringComparer.Ordinal)]);
    }

    private BookKeeperException NotEnough(QuorumSizes sizes, List<BookieId> good, List<BookieId> avoided)
    {
        var count = good.Count + avoided.Count;
        var problem = count < sizes.Ensemble
            ? $"an ensemble of {sizes.Ensemble} is needed, and {count} bookies take writes"
            : $"{_policy.GetType().Name} finds no ensemble of {sizes.Ensemble} with a write quorum of {sizes.Write} among the {count} bookies that take writes";
        return new BookKeeperException(
            BookKeeperError.NotEnoughBookies,
            $"{problem}: {Names(good)}; failed lately: {Names(avoided)}; read-only: {Names(directory.ReadOnly.Select(bookie => bookie.Bookie))}");
    }

    private BookKeeperException Bad(string problem, Exception? inner = null) =>
        new(BookKeeperError.IncorrectParameter, $"the placement policy {_policy.GetType().Name} {problem}", inner: inner);

    private static string Names(IEnumerable<BookieId> bookies) => string.Join(", ", bookies) is { Length: > 0 } names ? names : "none";

    /// <summary>When a bookie failed last, and how often it had failed before that was remembered.</summary>
    private sealed record Failures(DateTimeOffset Last, int Repeats)
    {
        private const int MostRepeats = 12;

        /// <summary>Failures of one moment, of requests that were under way together, count once.</summary>
        public Failures Again(DateTimeOffset now, TimeSpan together) =>
            new(now, now - Last < together ? Repeats : Math.Min(Repeats + 1, MostRepeats));
    }
}

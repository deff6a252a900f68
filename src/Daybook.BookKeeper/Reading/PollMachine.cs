using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Reading;

/// <summary>What a follower must do next.</summary>
internal enum PollStep
{
    /// <summary>Nothing before the next input.</summary>
    Wait,

    /// <summary>Send a long poll to <see cref="PollMachine.Position"/>, then ask again.</summary>
    Poll,

    /// <summary>Everybody was asked and nobody waited for news: come again after <see cref="PollMachine.Pause"/>.</summary>
    Rest,
}

/// <summary>
/// Decides which bookie of an ensemble a tailing reader polls. One after another; the next one also when one does not answer for a while; a round is over
/// once enough had nothing new that nothing can be new, or none is left to ask. No bookie ever has two polls of one reader.
/// </summary>
/// <param name="sizes">The ledger's quorums.</param>
/// <param name="longestPause">How long a bookie waits for news before it has none, and how long to pause at most when none of them waits.</param>
internal sealed class PollMachine(QuorumSizes sizes, TimeSpan longestPause)
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(20);

    private readonly Place[] _places = new Place[sizes.Ensemble];
    private TimeSpan _roundBegan;
    private TimeSpan _pause = s_shortestPause;
    private bool _isResting;
    private bool _askOneMore;

    /// <summary>The LAC that is known: polls ask for what is newer.</summary>
    public EntryId Lac { get; private set; }

    /// <summary>The bookie to poll after <see cref="PollStep.Poll"/>.</summary>
    public int Position { get; private set; }

    /// <summary>How long to pause after <see cref="PollStep.Rest"/>.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Begins, or goes on after a rest, from the LAC that is known.</summary>
    public void Begin(EntryId lac, TimeSpan now)
    {
        (Lac, _roundBegan, _isResting) = (lac, now, false);
        for (var i = 0; i < _places.Length; i++)
            _places[i].Verdict = _places[i].Polled == lac ? Verdict.Asked : Verdict.Open;
        _askOneMore = Count(Verdict.Asked) == 0;
    }

    /// <summary>A bookie answered its poll: it knows a LAC, which may be no news.</summary>
    public void Answered(int position, EntryId lac, TimeSpan now)
    {
        if (lac > Lac)
        {
            _places[position].Polled = null;
            _pause = s_shortestPause;
            Begin(lac, now);
        }
        else
        {
            Settle(position, Verdict.NoNews);
        }
    }

    /// <summary>A bookie did not answer its poll, or with an error.</summary>
    public void Failed(int position) => Settle(position, Verdict.Failed);

    /// <summary>No answer for a while: the next bookie is asked too.</summary>
    public void Overdue() => _askOneMore = true;

    /// <summary>What to do now.</summary>
    public PollStep Next(TimeSpan now)
    {
        if (_isResting)
            return PollStep.Wait;
        if (IsRoundOver)
        {
            // Bookies that waited in vain took their time: ask again immediately. Those that answered immediately must not be asked all the time.
            if (now - _roundBegan < longestPause / 2)
                return Rest();
            _pause = s_shortestPause;
            Begin(Lac, now);
        }
        return _askOneMore && TakeFree() ? PollStep.Poll : PollStep.Wait;
    }

    private bool IsRoundOver => Count(Verdict.NoNews) >= sizes.NoNews
        || (Count(Verdict.Open) == 0 && Count(Verdict.Asked) == 0);

    private PollStep Rest()
    {
        _isResting = true;
        Pause = _pause < longestPause ? _pause : longestPause;
        _pause *= 2;
        _pause = _pause < longestPause ? _pause : longestPause;
        return PollStep.Rest;
    }

    // A poll that was sent before the LAC was known implies nothing about what is newer; it only frees the bookie.
    private void Settle(int position, Verdict verdict)
    {
        ref var place = ref _places[position];
        var isCurrent = place.Polled == Lac;
        if (isCurrent || verdict == Verdict.Failed)
            place.Verdict = verdict;
        place.Polled = null;
        _askOneMore |= isCurrent || Count(Verdict.Asked) == 0;
    }

    private bool TakeFree()
    {
        var first = (int)(Lac.Next.Value % sizes.Ensemble);
        for (var i = 0; i < sizes.Ensemble; i++)
        {
            var position = (first + i) % sizes.Ensemble;
            ref var place = ref _places[position];
            if (place is not { Verdict: Verdict.Open, Polled: null })
                continue;
            (place.Verdict, place.Polled, Position, _askOneMore) = (Verdict.Asked, Lac, position, false);
            return true;
        }
        return false;
    }

    private int Count(Verdict verdict) => _places.Count(place => place.Verdict == verdict);

    private enum Verdict
    {
        Open,
        Asked,
        NoNews,
        Failed,
    }

    private struct Place
    {
        public Verdict Verdict;

        /// <summary>The LAC that the poll under way there went out with.</summary>
        public EntryId? Polled;
    }
}

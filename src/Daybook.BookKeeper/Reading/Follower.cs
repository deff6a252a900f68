using System.Collections.Immutable;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Reading;

/// <summary>
/// Follows an open ledger while a reader waits for more of it: long polls report entries, a watch on the metadata reports new segments, the
/// close and the deletion. Events are processed one after another, on the thread that brings them.
/// </summary>
internal sealed class Follower(ReadContext context, CancellationToken closing)
{
    private static readonly TimeSpan s_speculateAfter = TimeSpan.FromSeconds(1.5);

    private readonly Lock _lock = new();
    private readonly Queue<Action> _inbox = new();
    private readonly Waiters _waiters = new();
    private readonly long _epoch = context.Client.Time.GetTimestamp();
    private CancellationTokenRegistration _closing;
    private PollMachine? _polls;
    private ImmutableArray<BookieId> _bookies;
    private ITimer? _alarm;
    private Task? _watched;
    private bool _isBusy;
    private bool _isRunning;
    private bool _isResting;
    private bool _isRefreshing;
    private volatile Piggyback? _piggyback;

    /// <summary>The last entry that came along with news.</summary>
    public OpenedEntry? PiggybackOf(EntryId entry) => _piggyback is { } held && held.Entry.Header.Entry == entry ? held.Entry : null;

    /// <summary>Waits until an entry may be read, or until the ledger is closed before it.</summary>
    public Task<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken)
    {
        var waiting = _waiters.AddAsync(entry, () => Post(() => { }), cancellationToken);
        Post(Wake);
        return waiting;
    }

    private TimeSpan Now => context.Client.Time.GetElapsedTime(_epoch);

    private void Post(Action what)
    {
        lock (_lock)
        {
            _inbox.Enqueue(what);
            if (_isBusy)
                return;
            _isBusy = true;
        }
        while (TakeNext() is { } next)
        {
            next();
            Advance();
        }
    }

    private Action? TakeNext()
    {
        lock (_lock)
        {
            _isBusy = _inbox.TryDequeue(out var next);
            return next;
        }
    }

    private void Wake()
    {
        if (_isRunning)
            return;
        _isRunning = true;
        _isResting = false;
        _polls?.Begin(context.View.Now.LastEntry, Now);
        SetAlarm(s_speculateAfter);
        _closing = closing.UnsafeRegister(_ => Post(Close), null);
    }

    private void Close() =>
        _waiters.Fail(() => new BookKeeperException(BookKeeperError.Closed, "the client was closed while an entry was waited for", context.Ledger));

    private void Advance()
    {
        _waiters.Settle(context.View.Now);
        if (_waiters.IsEmpty)
        {
            Rest();
            return;
        }
        Watch();
        FollowEnsemble();
        while (_polls!.Next(Now) is var step && step != PollStep.Wait)
        {
            if (step == PollStep.Poll)
                Poll(_polls, _polls.Position);
            _isResting = step == PollStep.Rest;
            SetAlarm(_isResting ? _polls.Pause : s_speculateAfter);
        }
    }

    private void Rest()
    {
        if (!_isRunning)
            return;
        _isRunning = false;
        _alarm?.Dispose();
        _alarm = null;
        _closing.Unregister();
    }

    private void Watch()
    {
        if (context.View.IsStale)
        {
            if (!_isRefreshing)
            {
                _isRefreshing = true;
                _ = RefreshAsync();
            }
        }
        else if (context.View.Changed is var changed && changed != _watched)
        {
            _watched = changed;
            changed.ContinueWith(_ => Post(() => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            await context.View.RefreshAsync().ConfigureAwait(false);
        }
        catch (BookKeeperException failure) when (failure.Error == BookKeeperError.MetadataUnavailable)
        {
            ReadLog.MetadataFailed(context.Client.Log, context.Ledger.Value, failure);
            await Task.Delay(context.Client.Options.LongPollTimeout, context.Client.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (BookKeeperException failure)
        {
            Post(() => _waiters.Fail(() => new BookKeeperException(failure.Error, "its metadata could not be followed any more", context.Ledger, inner: failure)));
        }
        Post(() => _isRefreshing = false);
    }

    private void FollowEnsemble()
    {
        var metadata = context.View.Now.Metadata.Value;
        if (_polls is not null && _bookies.SequenceEqual(metadata.Current.Bookies))
            return;
        _bookies = metadata.Current.Bookies;
        _polls = new PollMachine(metadata.Sizes, context.Client.Options.LongPollTimeout);
        _polls.Begin(context.View.Now.LastEntry, Now);
    }

    private void SetAlarm(TimeSpan after)
    {
        _alarm ??= context.Client.Time.CreateTimer(_ => Post(OnAlarm), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _alarm.Change(after, Timeout.InfiniteTimeSpan);
    }

    private void OnAlarm()
    {
        if (!_isRunning)
            return;
        if (_isResting)
            _polls?.Begin(context.View.Now.LastEntry, Now);
        else
            _polls?.Overdue();
        _isResting = false;
        SetAlarm(s_speculateAfter);
    }

    private void Poll(PollMachine polls, int position)
    {
        var previous = polls.Lac;
        var timeout = (long)context.Client.Options.LongPollTimeout.TotalMilliseconds;
        var request = new ReadRequest(context.Ledger, EntryId.None, ReadOptions.Piggyback, PreviousLac: previous, Timeout: timeout);
        context.Client.Bookies.Read(_bookies[position], request, new PollCall(this, polls, previous), position);
    }

    private void OnAnswer(PollCall call, BookieId bookie, int position, in ReadResponse response)
    {
        if (response.Status is not (BookieStatus.Ok or BookieStatus.NoEntry or BookieStatus.NoLedger))
        {
            ReadLog.PollFailed(context.Client.Log, context.Ledger.Value, bookie.Value, response.Status);
            context.Ranking.Demote(bookie);
            call.Polls.Failed(position);
            return;
        }
        var announced = response.MaxLac ?? EntryId.None;
        if (announced <= call.Previous)
        {
            call.Polls.Answered(position, announced, Now);
            return;
        }
        if (!response.Body.IsEmpty)
            Keep(response.Body, call.Previous.Next, bookie);
        _ = ConfirmAsync(call, bookie, position);
    }

    /// <summary>No digest covers the LAC that an answer announces: it only shows that there may be news, which are then asked for.</summary>
    private async Task ConfirmAsync(PollCall call, BookieId bookie, int position)
    {
        var answer = await context.Client.Bookies.ReadLacAsync(bookie, context.Ledger).ConfigureAwait(false);
        Post(() => OnConfirmed(call, bookie, position, answer));
    }

    private void OnConfirmed(PollCall call, BookieId bookie, int position, in LacAnswer answer)
    {
        var lac = EntryId.None;
        try
        {
            if (answer.Status == BookieStatus.Ok)
                lac = LacDigests.Of(answer, context.Ledger, context.Credentials.Digest, bookie);
        }
        catch (BookKeeperException)
        {
            // Damaged, or of another ledger: the same as no confirmation.
        }
        if (lac <= call.Previous)
        {
            ReadLog.PollFailed(context.Client.Log, context.Ledger.Value, bookie.Value, answer.Status);
            context.Ranking.Demote(bookie);
            call.Polls.Failed(position);
            return;
        }
        context.View.Learn(lac);
        call.Polls.Answered(position, lac, Now);
    }

    private void Keep(ReadOnlyMemory<byte> body, EntryId entry, BookieId bookie)
    {
        try
        {
            _piggyback = new Piggyback(PackagedEntry.Open(body, context.Ledger, entry, context.Credentials.Digest, bookie));
        }
        catch (BookKeeperException)
        {
            // Only this copy is damaged: a read of the entry asks another bookie first.
            context.Ranking.Demote(bookie);
        }
    }

    private sealed record Piggyback(OpenedEntry Entry);

    private sealed class PollCall(Follower follower, PollMachine polls, EntryId previous) : IReadAnswers
    {
        public PollMachine Polls => polls;

        public EntryId Previous => previous;

        public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response)
        {
            var answer = response;
            follower.Post(() => follower.OnAnswer(this, bookie, position, answer));
        }
    }
}

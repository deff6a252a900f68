using System.Collections.Immutable;
using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Reading;

/// <summary>Keeps what a reader knows of its ledger, for many threads, and reads the metadata again once they may have changed.</summary>
internal sealed class LedgerView
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    private readonly ILedgerMetadataStore _store;
    private readonly TimeProvider _time;
    private LedgerKnowledge _now;
    private volatile Task _changed;
    private volatile bool _isDeleted;
    private long _failedAt = long.MinValue;

    /// <summary>Begins with what was read.</summary>
    public LedgerView(ClientServices services, WatchedMetadata metadata)
    {
        (_store, _time) = (services.Metadata, services.Time);
        (_now, _changed) = (LedgerKnowledge.Of(metadata.Now), metadata.Changed);
    }

    public LedgerId Ledger => Now.Metadata.Value.Ledger;

    public LedgerKnowledge Now => Volatile.Read(ref _now);

    /// <summary>Completes when the metadata may have changed since they were read.</summary>
    public Task Changed => _changed;

    /// <summary>True when the metadata must be read again before anything is concluded from them.</summary>
    public bool IsStale => _changed.IsCompleted;

    /// <summary>Takes in that an entry is acknowledged.</summary>
    public void Learn(EntryId acknowledged) => ImmutableInterlocked.Update(ref _now, (known, entry) => known.Learn(entry), acknowledged);

    /// <summary>The error of a ledger that is known to be deleted, else null.</summary>
    public BookKeeperException? ProblemIfDeleted() => _isDeleted ? Deleted(null) : null;

    /// <summary>Reads the metadata again if they may have changed. When ZooKeeper does not answer, what is known goes on to hold for a while.</summary>
    public async Task CatchUpAsync()
    {
        var failedAt = Volatile.Read(ref _failedAt);
        if (!IsStale || (failedAt != long.MinValue && _time.GetElapsedTime(failedAt) < s_retryAfter))
            return;
        try
        {
            await RefreshAsync().ConfigureAwait(false);
        }
        catch (BookKeeperException failure) when (failure.Error == BookKeeperError.MetadataUnavailable)
        {
            Volatile.Write(ref _failedAt, _time.GetTimestamp());
        }
    }

    /// <summary>Reads the metadata again, whether or not they have changed.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.NoSuchLedgerMetadata"/> after deletion, or the store's own error.</exception>
    public async Task RefreshAsync()
    {
        try
        {
            var read = await _store.ReadAndWatchAsync(Ledger).ConfigureAwait(false);
            _changed = read.Changed;
            ImmutableInterlocked.Update(ref _now, (known, metadata) => known.Learn(metadata), read.Now);
        }
        catch (BookKeeperException failure) when (failure.Error == BookKeeperError.NoSuchLedgerMetadata)
        {
            _isDeleted = true;
            throw Deleted(failure);
        }
    }

    private BookKeeperException Deleted(Exception? inner) =>
        new(BookKeeperError.NoSuchLedgerMetadata, "it was deleted while it was being read", Ledger, inner: inner);
}

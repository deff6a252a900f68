using System.Runtime.CompilerServices;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Reading;
using Daybook.BookKeeper.Recovering;
using Daybook.Ledgers;

namespace Daybook.BookKeeper;

/// <summary>
/// Reads a ledger from its bookies. Every entry is checked, and read from another bookie if it is damaged (invariant L17); an open ledger
/// is followed without disturbing its writer: nothing is read beyond what is known to be acknowledged (L19). Safe for many threads; there
/// is nothing to dispose of.
/// </summary>
/// <remarks>Errors are <see cref="BookKeeperException"/>s. An entry that was acknowledged is never reported as missing: if its bookies lack it or have it
/// damaged, the error reports that and the answer of each; if they cannot be reached it is <see cref="BookKeeperError.EntryUnavailable"/>,
/// and reading it again may succeed.</remarks>
public sealed class BookKeeperReader : ILedgerReader
{
    /// <summary>Where the custom metadata of a ledger keep what <see cref="ILedgerStore.CreateAsync"/> was given.</summary>
    internal const string CreatorMetadata = "daybook-ledger";

    private readonly ReadServices _services;
    private readonly LedgerView _view;
    private readonly ReadContext _context;
    private readonly EntryReader _single;
    private readonly RangeReader _range;
    private readonly Follower _follower;

    private BookKeeperReader(ReadServices services, WatchedMetadata metadata, LedgerCredentials credentials)
    {
        var client = services.Client;
        _services = services;
        _view = new LedgerView(client, metadata);
        _context = new ReadContext(client, credentials, _view, new BookieRanking(client.Time, client.Options.AvoidFor));
        _single = new EntryReader(_context);
        _range = new RangeReader(_context, _single);
        _follower = new Follower(_context, services.Closing);
    }

    /// <inheritdoc/>
    public LedgerId Id => _view.Ledger;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Metadata => _view.Now.Metadata.Value.Custom.GetValueOrDefault(CreatorMetadata);

    /// <inheritdoc/>
    public bool IsClosed => _view.Now.IsClosed;

    /// <inheritdoc/>
    public EntryId LastAddConfirmed => Known.LastEntry;

    /// <summary>Opens a ledger as its metadata are; an open one is asked for its LAC, not disturbed.</summary>
    /// <param name="services">What the readers of the client share.</param>
    /// <param name="metadata">As read, and watched.</param>
    /// <param name="credentials">The user's password, or null to take the metadata's.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.Unauthorized"/> or <see cref="BookKeeperError.DigestMismatch"/> when it was created with
    /// another password or digest; <see cref="BookKeeperError.NotEnoughBookies"/> when too few bookies report the LAC.</exception>
    internal static async ValueTask<BookKeeperReader> OpenAsync(
        ReadServices services, WatchedMetadata metadata, LedgerCredentials? credentials, CancellationToken cancellationToken = default)
    {
        var reader = new BookKeeperReader(services, metadata, LedgerCredentialsCheck.Resolve(metadata.Now.Value, credentials));
        if (!reader.IsClosed)
            await reader.AskForLacAsync(cancellationToken).ConfigureAwait(false);
        return reader;
    }

    /// <inheritdoc/>
    public ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        if (!_view.IsStale && !_services.Closing.IsCancellationRequested && _follower.PiggybackOf(entry) is { } held && entry <= _view.Now.LastEntry)
            return new ValueTask<LedgerEntry>(new LedgerEntry(entry, held.Payload));
        return Threads.ComeBackFrom(ReadOneAsync(entry, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerEntry> ReadAsync(
        EntryId first, EntryId last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var next = first; next <= last;)
        {
            await EnsureReadableAsync(next, cancellationToken).ConfigureAwait(false);
            var readable = _view.Now.LastEntry;
            var end = last < readable ? last : readable;
            await foreach (var entry in _range.ReadAsync(next, end, cancellationToken).ConfigureAwait(false))
                yield return entry;
            next = end.Next;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        if (ProblemOfUse() is { } problem)
            return ValueTask.FromException<bool>(problem);
        var known = Known;
        if (!_view.IsStale && (known.IsClosed || entry <= known.LastEntry))
            return ValueTask.FromResult(entry <= known.LastEntry);
        return new ValueTask<bool>(_follower.WaitAsync(entry, cancellationToken));
    }

    private LedgerKnowledge Known
    {
        get
        {
            if (!_view.Now.IsClosed)
                _view.Learn(_services.AcknowledgedHere(Id));
            return _view.Now;
        }
    }

    private async Task<LedgerEntry> ReadOneAsync(EntryId entry, CancellationToken cancellationToken)
    {
        await EnsureReadableAsync(entry, cancellationToken).ConfigureAwait(false);
        return new LedgerEntry(entry, (await _single.ReadAsync(entry).ConfigureAwait(false)).Payload);
    }

    private async Task EnsureReadableAsync(EntryId entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ProblemOfUse() is { } problem)
            throw problem;
        await _view.CatchUpAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (entry <= Known.LastEntry && entry > EntryId.None)
            return;
        if (entry > EntryId.None && !IsClosed)
        {
            await _view.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!IsClosed && entry > _view.Now.LastEntry)
                await AskForLacAsync(cancellationToken).ConfigureAwait(false);
        }
        if (entry > _view.Now.LastEntry || entry <= EntryId.None)
            throw new BookKeeperException(BookKeeperError.NoSuchEntry, $"the last entry that may be read is {_view.Now.LastEntry}", Id, entry);
    }

    private async Task AskForLacAsync(CancellationToken cancellationToken)
    {
        var metadata = Known.Metadata.Value;
        var asking = LacReading.ReadAsync(_services.Client, metadata, _context.Credentials, cancellationToken).AsTask();
        _view.Learn(await Threads.ComeBackFrom(asking, cancellationToken).ConfigureAwait(false));
    }

    private BookKeeperException? ProblemOfUse() =>
        _services.Closing.IsCancellationRequested ? new BookKeeperException(BookKeeperError.Closed, "the client is closed", Id) : _view.ProblemIfDeleted();
}

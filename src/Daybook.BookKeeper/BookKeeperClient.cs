using Daybook.BookKeeper.Clients;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Reading;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Replication;
using Daybook.BookKeeper.Writing;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper;

/// <summary>
/// A client of Apache BookKeeper: speaks its protocol to bookies and keeps ledgers' metadata in ZooKeeper as Java clients do. Safe for many threads;
/// one is enough for a process.
/// </summary>
/// <remarks>
/// Errors are <see cref="BookKeeperException"/>s that name ledger, entry and bookie. Lost ZooKeeper sessions are replaced and lost connections made anew;
/// what was under way then fails, or is in doubt if it was an append (<see cref="InDoubtException"/>).
/// </remarks>
public sealed class BookKeeperClient : IAsyncDisposable
{
    private readonly ClientParts _parts;
    private readonly OpenWriters _writers = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ReadServices _reading;

    private BookKeeperClient(ClientParts parts)
    {
        _parts = parts;
        _reading = new ReadServices(parts.Services, _writers.LastAddConfirmedOf, _closing.Token);
    }

    /// <summary>The largest entry that can be appended, in bytes; follows from <see cref="BookKeeperOptions.MaxFrameBytes"/>.</summary>
    public int MaxEntryBytes => Wire.Frames.MaxPayload(_parts.Services.Options.MaxFrameBytes);

    /// <summary>The bookies that are registered now, in ordinal order of their names.</summary>
    public IReadOnlyList<BookieInfo> Bookies => _parts.Directory.List();

    internal ILogger Log => _parts.Services.Log;

    /// <summary>Connects to a cluster: a session with its ZooKeeper, the list of its bookies. Connections to bookies are made when they are needed.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/> for an option that makes no sense;
    /// <see cref="BookKeeperError.MetadataUnavailable"/> when ZooKeeper gives no session or holds no cluster.</exception>
    public static Task<BookKeeperClient> ConnectAsync(BookKeeperOptions options, CancellationToken cancellationToken = default) =>
        ConnectAsync(options, route: null, cancellationToken);

    /// <summary>Connects to a cluster with default options.</summary>
    /// <param name="zooKeeper"><c>host1:2181,host2:2181/chroot</c>; the ledgers' root is <c>/ledgers</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<BookKeeperClient> ConnectAsync(string zooKeeper, CancellationToken cancellationToken = default) =>
        ConnectAsync(new BookKeeperOptions(new ZooKeeper.ZooKeeperOptions(zooKeeper)), cancellationToken);

    /// <summary>Connects to a cluster.</summary>
    /// <param name="options">How.</param>
    /// <param name="route">Maps a registered address to the one to connect to; null uses the registered one. For a faulty network between.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<BookKeeperClient> ConnectAsync(
        BookKeeperOptions options, Func<IBookieDirectory, IBookieDirectory>? route, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BookKeeperClient(await ClientParts.OpenAsync(options, route, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates a ledger and becomes its one writer.</summary>
    /// <param name="options">How it is kept; null for the defaults (3 bookies, 3 copies, acknowledged with 2).</param>
    /// <param name="cancellationToken">Stops waiting; a ledger that was created already is deleted.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/> for sizes that make no sense,
    /// <see cref="BookKeeperError.NotEnoughBookies"/>, <see cref="BookKeeperError.LedgerExists"/> for an id that is taken,
    /// <see cref="BookKeeperError.MetadataUnavailable"/>: a ledger may have been created that nobody knows of.</exception>
    public async Task<BookKeeperWriter> CreateAsync(CreateLedgerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        var writer = await NewLedger.CreateAsync(_parts.Services, options ?? new CreateLedgerOptions(), cancellationToken).ConfigureAwait(false);
        _writers.Add(writer);
        return writer;
    }

    /// <summary>Opens a ledger to read it, without disturbing its writer. An open one can be followed with <see cref="BookKeeperReader.WaitAsync"/>.</summary>
    /// <param name="ledger">Which.</param>
    /// <param name="password">What it was created with; compared with its metadata. Null takes theirs.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.NoSuchLedgerMetadata"/>, <see cref="BookKeeperError.Unauthorized"/>; for an open ledger
    /// <see cref="BookKeeperError.NotEnoughBookies"/> when too few of its bookies return its LAC.</exception>
    public async Task<BookKeeperReader> OpenAsync(LedgerId ledger, ReadOnlyMemory<byte>? password = null, CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        var metadata = await _parts.Services.Metadata.ReadAndWatchAsync(ledger, cancellationToken).ConfigureAwait(false);
        var credentials = LedgerCredentialsCheck.Resolve(metadata.Now.Value, password, digest: null);
        return await BookKeeperReader.OpenAsync(_reading, metadata, credentials, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes a ledger from its writer: fences it on its bookies, completes what may have been acknowledged, closes it. Afterwards the old writer gets no append
    /// acknowledged (invariant F1), and the last entry never changes (L1, L10). One that is closed already is only opened.
    /// </summary>
    /// <param name="ledger">Which.</param>
    /// <param name="password">As for <see cref="OpenAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting; the ledger may then be left in recovery, which another attempt ends.</param>
    /// <exception cref="BookKeeperException">As for <see cref="OpenAsync"/>; or too few bookies answered: the ledger is not closed then, and another try may
    /// succeed (L6).</exception>
    public async Task<BookKeeperReader> RecoverAsync(LedgerId ledger, ReadOnlyMemory<byte>? password = null, CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        var found = await _parts.Services.Metadata.ReadAsync(ledger, cancellationToken).ConfigureAwait(false);
        var credentials = LedgerCredentialsCheck.Resolve(found.Value, password, digest: null);
        await LedgerRecovery.RecoverAsync(_parts.Services, ledger, credentials, cancellationToken).AsTask()
            .ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await OpenAsync(ledger, password, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a ledger; bookies give its space back some time after. One that does not exist is a no-op. A writer that still has it fails (L22).</summary>
    public async Task DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        await _parts.Services.Metadata.DeleteAsync(ledger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ledgers of the cluster, in no particular order; those of other programs too.</summary>
    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        return _parts.Services.Metadata.ListAsync(cancellationToken);
    }

    /// <summary>The metadata of a ledger; null when there is no such ledger.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>: they are of an unknown version or make no sense.</exception>
    public async Task<LedgerDescription?> DescribeAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        try
        {
            return LedgerDescription.Of((await _parts.Services.Metadata.ReadAsync(ledger, cancellationToken).ConfigureAwait(false)).Value);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.NoSuchLedgerMetadata)
        {
            return null;
        }
    }

    /// <summary>Copies to other bookies what a bookie held that is gone for good, ledger by ledger, and replaces it in their metadata.</summary>
    /// <param name="lost">The bookie. It must not come back with these ledgers.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Stops after the fragment that is being copied; what was done stays.</param>
    /// <returns>What was done, and for which ledgers it could not be.</returns>
    public async Task<ReplicationReport> ReplicateAsync(BookieId lost, ReplicationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ExpectOpen();
        var replicator = new LedgerReplicator(_parts.Services, options ?? new ReplicationOptions());
        return await replicator.ReplicateAsync(lost, cancellationToken).AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    /// <summary>Ends waiting and reading, lets go of connections and session. Writers that are open fail; their ledgers stay open, to be recovered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    private void ExpectOpen()
    {
        if (_closing.IsCancellationRequested)
            throw new BookKeeperException(BookKeeperError.Closed, "the client was closed");
    }
}

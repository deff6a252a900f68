using System.Runtime.CompilerServices;
using System.Text;
using Daybook.Ledgers;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Store;

/// <summary>
/// The ledger contract on BookKeeper: what a book runs on when it is to outlive a machine. Passes the same compliance suite as the embedded store.
/// </summary>
/// <remarks>
/// An append is acknowledged once Qa bookies have it on their device. Errors are those of the contract; their messages name ledger, entry and bookie.
/// </remarks>
public sealed class BookKeeperLedgerStore : ILedgerStore, IAsyncDisposable
{
    private const string Application = "application";
    private const string BookName = "book";

    private readonly BookKeeperClient _client;
    private readonly BookKeeperStoreOptions _options;
    private readonly ReadOnlyMemory<byte> _name;

    private BookKeeperLedgerStore(BookKeeperClient client, BookKeeperStoreOptions options)
    {
        (_client, _options) = (client, options);
        _name = Encoding.UTF8.GetBytes(options.Book);
    }

    /// <summary>Opens the store with a client of its own.</summary>
    /// <param name="client">How to reach the cluster.</param>
    /// <param name="options">How ledgers are replicated.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/> for an option that makes no sense;
    /// <see cref="BookKeeperError.MetadataUnavailable"/> when ZooKeeper gives no session.</exception>
    public static async Task<BookKeeperLedgerStore> OpenAsync(
        BookKeeperOptions client, BookKeeperStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new BookKeeperStoreOptions();
        options.Validate();
        return new BookKeeperLedgerStore(await BookKeeperClient.ConnectAsync(client, cancellationToken).ConfigureAwait(false), options);
    }

    /// <inheritdoc/>
    public int MaxEntryBytes => _client.MaxEntryBytes;

    /// <summary>No: the order of appends to one ledger implies nothing about another.</summary>
    public bool OrdersAcrossLedgers => false;

    /// <inheritdoc/>
    public async ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default)
    {
        LedgerErrors.CheckMetadata(metadata);
        try
        {
            return await CreateAsync(_options.Ensemble, metadata, cancellationToken).ConfigureAwait(false);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.NotEnoughBookies && _options.AllowSmallerEnsembles)
        {
            return await CreateSmallerAsync(e, metadata, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        await _client.OpenAsync(ledger, _options.Password, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        await _client.RecoverAsync(ledger, _options.Password, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        await _client.DeleteAsync(ledger, cancellationToken).ConfigureAwait(false);

    /// <summary>The ledgers of this book, in no particular order; others in the same cluster are left out. Reads the metadata of all.</summary>
    public async IAsyncEnumerable<LedgerId> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var ledger in _client.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await _client.DescribeAsync(ledger, cancellationToken).ConfigureAwait(false) is { } found
                && found.CustomMetadata.TryGetValue(BookName, out var book) && book.Span.SequenceEqual(_name.Span))
                yield return ledger;
        }
    }

    /// <summary>Closes the client. Writers that are open fail, and their ledgers stay open.</summary>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async ValueTask<ILedgerWriter> CreateSmallerAsync(
        BookKeeperException why, ReadOnlyMemory<byte> metadata, CancellationToken cancellationToken)
    {
        for (var ensemble = _options.Ensemble - 1; ensemble >= _options.AckQuorum; ensemble--)
        {
            try
            {
                var writer = await CreateAsync(ensemble, metadata, cancellationToken).ConfigureAwait(false);
                StoreLog.Smaller(_client.Log, writer.Id.Value, ensemble, _options.Ensemble, why.Message);
                return writer;
            }
            catch (BookKeeperException e) when (e.Error == BookKeeperError.NotEnoughBookies)
            {
                why = e;
            }
        }
        throw why;
    }

    private async ValueTask<ILedgerWriter> CreateAsync(int ensemble, ReadOnlyMemory<byte> metadata, CancellationToken cancellationToken) =>
        await _client.CreateAsync(
            new CreateLedgerOptions
            {
                Ensemble = ensemble,
                WriteQuorum = Math.Min(_options.WriteQuorum, ensemble),
                AckQuorum = _options.AckQuorum,
                Digest = _options.Digest,
                Password = _options.Password,
                CustomMetadata = CustomOf(metadata),
            },
            cancellationToken).ConfigureAwait(false);

    private Dictionary<string, ReadOnlyMemory<byte>> CustomOf(ReadOnlyMemory<byte> metadata)
    {
        var custom = new Dictionary<string, ReadOnlyMemory<byte>> { [Application] = "daybook"u8.ToArray(), [BookName] = _name };
        if (!metadata.IsEmpty)
            custom[BookKeeperReader.CreatorMetadata] = metadata.ToArray();
        return custom;
    }
}

internal static partial class StoreLog
{
    [LoggerMessage(20, LogLevel.Warning, "Ledger {Ledger} has {Ensemble} bookies instead of {Wanted}: {Reason}")]
    public static partial void Smaller(ILogger logger, long ledger, int ensemble, int wanted, string reason);
}

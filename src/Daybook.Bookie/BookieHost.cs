using System.Net;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper;
using Daybook.Bookie.Cluster;
using Daybook.Bookie.CommandLine;
using Daybook.Bookie.Network;
using Daybook.Bookie.Serving;
using Daybook.Bookie.Storage;
using Daybook.Embedded.Files;
using Daybook.Embedded.Store;
using Daybook.ZooKeeper;

namespace Daybook.Bookie;

/// <summary>Assembles a bookie in the order that keeps it correct: identity, data, socket, registration.</summary>
internal sealed class BookieHost : IAsyncDisposable
{
    /// <summary>An entry is at most one frame long; a block adds little to it.</summary>
    private const int MaxEntryBytes = 9 * 1024 * 1024;

    private readonly BookieArguments _arguments;
    private readonly CancellationTokenSource _stop = new();
    private readonly DiskSpace _disk;
    private readonly Action<string> _log;
    private EmbeddedLedgerStore? _store;
    private LedgerService? _service;
    private BookieServer? _server;
    private SessionKeeper? _sessions;
    private Registration? _registration;
    private Upkeep? _upkeep;

    private BookieHost(BookieArguments arguments, Action<string> log)
    {
        _arguments = arguments;
        _log = log;
        new PhysicalFileSystem().CreateDirectory(arguments.Data);
        _disk = new DiskSpace(arguments.Data, arguments.MinFree);
        Bookie = new BookieId(new IPEndPoint(arguments.Host, arguments.Port).ToString());
    }

    public BookieId Bookie { get; }

    /// <summary>Starts a bookie; it serves when this returns.</summary>
    /// <exception cref="StartException">It cannot start safely with these arguments and data.</exception>
    public static async Task<BookieHost> StartAsync(BookieArguments arguments, Action<string> log, CancellationToken cancellationToken)
    {
        var host = new BookieHost(arguments, log);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Deregisters, answers the accepted requests, and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_upkeep is not null)
            await _upkeep.DisposeAsync().ConfigureAwait(false);
        if (_registration is not null)
            await _registration.DisposeAsync().ConfigureAwait(false);
        if (_service is not null)
            await _service.DisposeAsync().ConfigureAwait(false);
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        if (_store is not null)
            await _store.DisposeAsync().ConfigureAwait(false);
        if (_sessions is not null)
            await _sessions.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var (paths, isInLimbo) = _arguments.WithoutZooKeeper ? (null, false) : await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        _store = await EmbeddedLedgerStore.OpenAsync(
            Path.Combine(_arguments.Data, "log"), new EmbeddedLedgerStoreOptions { MaxEntryBytes = MaxEntryBytes }, null, cancellationToken).ConfigureAwait(false);
        _service = new LedgerService(_store, new BlockLogOptions { LogBytes = _arguments.LogBytes }, TimeProvider.System)
        {
            MaxBatchBytes = _arguments.MaxFrame, Disk = _disk.Read, Doubt = isInLimbo ? BookieStatus.UnknownLedgerState : null,
        };
        await _service.StartAsync(_store, cancellationToken).ConfigureAwait(false);
        if (_service.Failure is { } damage)
            _log($"part of the log cannot be read, so the bookie is read-only and never reports an entry as missing: {damage.Message}");
        _service.IsReadOnly = isInLimbo || _service.Failure is not null || _disk.IsLow();
        _server = new BookieServer(new IPEndPoint(_arguments.Host, _arguments.Port), _service, _arguments.MaxFrame);
        if (paths is not null)
        {
            _registration = new Registration(_sessions!, paths, new BookieRegistration(Bookie, _arguments.Host.ToString(), _arguments.Port));
            await _registration.ClearAsync(cancellationToken).ConfigureAwait(false);
            await _registration.PutAsync(_service.IsReadOnly, cancellationToken).ConfigureAwait(false);
        }
        var garbage = paths is null ? null : new GarbageCollector(_sessions!, paths, _service);
        _upkeep = new Upkeep(_service, _disk, _registration, garbage, isInLimbo, _arguments.GarbageInterval, _log);
    }

    private async Task<(LedgerPaths Paths, bool IsInLimbo)> IdentifyAsync(CancellationToken cancellationToken)
    {
        _sessions = new SessionKeeper(new ZooKeeperOptions(_arguments.ZooKeeper!));
        var client = await _sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        var (paths, instanceId) = await LayoutAsync(new MetadataCalls(_sessions, new BookKeeperOptions(_sessions.Options)), cancellationToken).ConfigureAwait(false);
        var identity = new BookieIdentity(_arguments.Data, Bookie);
        await identity.CheckAsync(client, paths, instanceId, _arguments.ReplaceLostData, cancellationToken).ConfigureAwait(false);
        if (_arguments.ClearLimbo)
            identity.ClearLimbo();
        return (paths, identity.IsInLimbo);
    }

    private async Task<ClusterLayout> LayoutAsync(MetadataCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            return _arguments.Format
                ? await ClusterLayout.FormatAsync(calls, _arguments.LedgersRoot, LedgerLayoutKind.Hierarchical, cancellationToken).ConfigureAwait(false)
                : await ClusterLayout.ReadAsync(calls, _arguments.LedgersRoot, cancellationToken).ConfigureAwait(false);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.IncorrectParameter)
        {
            throw new StartException($"{e.Message.TrimEnd('.')}; start the first bookie with --format, or name the root with --ledgers-root", e);
        }
    }
}

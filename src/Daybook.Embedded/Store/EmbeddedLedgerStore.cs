using Daybook.Embedded.Files;
using Daybook.Embedded.Store.Log;
using Daybook.Embedded.Store.Reading;
using Daybook.Embedded.Store.Space;
using Daybook.Files;
using Daybook.Ledgers;

namespace Daybook.Embedded.Store;

/// <summary>
/// Ledgers in the files of one folder, for one process at a time: one log for all ledgers, one flush of the device for everything in flight
/// (docs/ledger-format.md).
/// </summary>
/// <remarks>
/// After a failed write or flush the store has stopped: what was in flight fails with <see cref="InDoubtException"/>, every later change with
/// <see cref="ErrorCode.StoreFailed"/>, and only opening the folder again shows what is there. What was acknowledged stays readable.
/// </remarks>
public sealed class EmbeddedLedgerStore : ILedgerStore, IAsyncDisposable
{
    /// <summary>1: as first released. 2: ledgers carry metadata, a clean end leaves the file CLEAN.</summary>
    private const int FormatVersion = 2;

    private readonly DataFolder _folder;
    private readonly SegmentTable _segments;
    private readonly LogQueue _queue = new();
    private readonly LogWriter _writer;
    private readonly LedgerLog _log;
    private readonly LogRunner _runner;
    private readonly SpaceReclaimer _space;
    private readonly Thread? _thread;
    private bool _disposed;

    private EmbeddedLedgerStore(DataFolder folder, EmbeddedLedgerStoreOptions options, bool startThread)
    {
        _folder = folder;
        MaxEntryBytes = options.MaxEntryBytes;
        var recovery = new StoreRecovery(folder, options);
        var recovered = recovery.Run();
        _segments = recovered.Segments;
        _log = new LedgerLog(_queue, recovered.Ledgers.Values, recovered.Catalogue.LastLedger, options.MaxEntryBytes);
        var supply = new SegmentSupply(recovery.Files, options.SegmentBytes, ahead: startThread);
        _writer = new LogWriter(recovery.Files, recovered.Segments, recovered.Catalogue, supply, options.SegmentBytes, recovered.Active);
        _space = new SpaceReclaimer(recovery.Files, recovered.Segments, _log, _writer, options.CompactBelow);
        _runner = new LogRunner(_queue, _writer, failure => _log.Fail(StoreErrors.Stopped(failure)));
        if (!startThread)
            return;
        _writer.SpaceChanged = _space.Trigger;
        _space.Trigger();
        _thread = new Thread(_runner.Run) { IsBackground = true, Name = "daybook-log" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public int MaxEntryBytes { get; }

    /// <inheritdoc/>
    public bool OrdersAcrossLedgers => true;

    /// <inheritdoc/>
    public bool ListsLocally => true;

    /// <summary>Why space of deleted ledgers could last not be given back, for a health check; null when nothing went wrong. Costs space only.</summary>
    public Exception? SpaceFailure => _space.LastFailure;

    /// <summary>Opens the store in a folder, creating it if need be, and recovers what is there.</summary>
    /// <param name="folder">Belongs to the store alone.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="files">Null for the files of this machine.</param>
    /// <param name="cancellationToken">Observed only before the start.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.AlreadyInUse"/>, <see cref="ErrorCode.NewerFormat"/>,
    /// <see cref="ErrorCode.Corrupted"/>, <see cref="ErrorCode.StoreFailed"/> when the disk is full, or <see cref="ErrorCode.InvalidArgument"/> for an
    /// option out of range or a folder that cannot be written. Nothing that was acknowledged is lost by any of them.</exception>
    public static Task<EmbeddedLedgerStore> OpenAsync(
        string folder, EmbeddedLedgerStoreOptions? options = null, IFileSystem? files = null, CancellationToken cancellationToken = default)
    {
        files ??= new PhysicalFileSystem();
        var path = DataFolder.Absolute(files, folder);
        return Task.Run(() => Open(path, options ?? new EmbeddedLedgerStoreOptions(), files), cancellationToken);
    }

    /// <summary>Opens the store; without its thread where a test drives the log itself, by <see cref="Pump"/>.</summary>
    internal static EmbeddedLedgerStore Open(string folder, EmbeddedLedgerStoreOptions options, IFileSystem files, bool startThread = true)
    {
        options.Validate();
        var opened = DataFolder.Open(files, folder, "ledgers", FormatVersion);
        try
        {
            return new EmbeddedLedgerStore(opened, options, startThread);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            opened.Dispose();
            throw new DaybookException(ErrorCode.StoreFailed, $"The ledger store in '{folder}' could not be opened: {failure.Message}", failure);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LedgerErrors.CheckMetadata(metadata);
        return new EmbeddedLedgerWriter(_log, await _log.CreateAsync(metadata.ToArray()));
    }

    /// <inheritdoc/>
    public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ILedgerReader>(new EmbeddedLedgerReader(_log.Find(ledger)));
    }

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = _log.Find(ledger);
        await _log.Recover(found).WaitAsync(cancellationToken);
        return new EmbeddedLedgerReader(found);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _log.Delete(ledger).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => 
        _log.All.Where(ledger => !ledger.IsDeleted).Select(ledger => ledger.Id).ToAsyncEnumerable();

    /// <summary>Writes and acknowledges what was accepted, then closes the files and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _queue.End(StoreErrors.Disposed());
        if (_thread is not null)
            await Task.Run(_thread.Join);
        else
            _runner.Run();
        await _space.EndAsync();
        LeaveMark();
        _log.Fail(StoreErrors.Disposed());
        _writer.Dispose();
        foreach (var segment in _segments.Snapshot())
            segment.Release();
        _queue.Dispose();
        _folder.Dispose();
    }

    /// <summary>A clean end records how far the log goes. Without the file the next opening takes it for a crash, which costs no data.</summary>
    private void LeaveMark()
    {
        if (_runner.EndedAt is not { } end)
            return;
        try
        {
            CleanEnd.Write(_folder, end);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Writes what is queued, for a store that was opened without its thread.</summary>
    internal void Pump() => _runner.RunOnce(wait: false);

    /// <summary>Gives back the space of one segment, for a store that was opened without its thread.</summary>
    internal bool ReclaimSpace() => _space.RunOnce();
}

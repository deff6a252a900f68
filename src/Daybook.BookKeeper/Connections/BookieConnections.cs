using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Telemetry;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Google.Protobuf;
using AddRequest = Daybook.BookKeeper.Wire.AddRequest;
using ReadRequest = Daybook.BookKeeper.Wire.ReadRequest;

namespace Daybook.BookKeeper.Connections;

/// <summary>Requests to bookies over the network: a connection to each, opened when it is first used.</summary>
/// <remarks>An add that does not fit a frame is answered <see cref="BookieStatus.BadRequest"/> without being sent: a bookie would drop the connection, and
/// with it the requests of others.</remarks>
internal sealed class BookieConnections : IBookies, IAsyncDisposable
{
    private readonly ConcurrentDictionary<BookieId, BookiePeer> _peers = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly BookieTelemetry _telemetry;
    private readonly ConnectionContext _context;
    private readonly Func<BookieId, BookiePeer> _newPeer;

    /// <param name="directory">Resolves the addresses of bookies.</param>
    /// <param name="options">Must be valid.</param>
    public BookieConnections(IBookieDirectory directory, BookKeeperOptions options)
    {
        _telemetry = new BookieTelemetry(options.Time, Pending);
        _context = new ConnectionContext(options, options.Logging.CreateLogger("Daybook.BookKeeper.Connections"), _telemetry, _closing.Token);
        _newPeer = bookie => new BookiePeer(bookie, directory, _context);
    }

    /// <summary>The metrics.</summary>
    public Meter Meter => _telemetry.Meter;

    private BookKeeperOptions Options => _context.Options;

    public void Add(BookieId bookie, in AddRequest request, IAddAnswers answers, int position)
    {
        var outgoing = Outgoing.Of(request, answers, position, Options);
        if (request.Body.Length > Frames.MaxPackaged(Options.MaxFrameBytes))
            _context.FailLater(bookie, outgoing.Pending, BookieStatus.BadRequest);
        else
            Peer(bookie).Send(outgoing);
    }

    public void Read(BookieId bookie, in ReadRequest request, IReadAnswers answers, int position) =>
        Peer(bookie).Send(Outgoing.Of(request, answers, position, Options));

    public Task<BatchAnswer> ReadBatchAsync(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes)
    {
        var peer = Peer(bookie);
        if (!peer.ReadsBatches)
            return ReadTogetherAsync(peer, ledger, first, Math.Min(maxCount > 0 ? maxCount : int.MaxValue, PipelinedBatch.MostReads));
        var request = new BatchReadRequest(ledger, first, peer.NextBatch(), maxCount, Math.Clamp(maxBytes, 0, Options.MaxFrameBytes));
        return Ask(peer, BookieOperation.BatchRead, ledger, first, request, (status, content) =>
            content is BatchReadResponse batch ? new BatchAnswer(status, batch.Entries) : new BatchAnswer(status, []));
    }

    public Task<BookieStatus> WriteLacAsync(BookieId bookie, LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet)
    {
        var message = new WriteLacRequest
        {
            LedgerId = ledger.Value,
            Lac = lac.Value,
            MasterKey = ByteString.CopyFrom(masterKey.Span),
            Body = ByteString.CopyFrom(packet.Span),
        };
        return Ask(Peer(bookie), BookieOperation.WriteLac, ledger, lac, new Request { WriteLacRequest = message }, (status, _) => status);
    }

    public Task<LacAnswer> ReadLacAsync(BookieId bookie, LedgerId ledger) => Ask(
        Peer(bookie), BookieOperation.ReadLac, ledger, EntryId.None, new Request { ReadLacRequest = new() { LedgerId = ledger.Value } },
        (status, content) => content is Response { ReadLacResponse: { } lac }
            ? new LacAnswer(status, lac.LacBody.Memory, lac.LastEntryBody.Memory)
            : new LacAnswer(status, default, default));

    public Task<BookieStatus> ForceAsync(BookieId bookie, LedgerId ledger) => Ask(
        Peer(bookie), BookieOperation.Force, ledger, EntryId.None, new Request { ForceLedgerRequest = new() { LedgerId = ledger.Value } }, (status, _) => status);

    public Task<(BookieStatus Status, EntryListing? Entries)> ListEntriesAsync(BookieId bookie, LedgerId ledger) => Ask(
        Peer(bookie), BookieOperation.List, ledger, EntryId.None,
        new Request { GetListOfEntriesOfLedgerRequest = new() { LedgerId = ledger.Value } },
        (status, content) => (status, content as EntryListing));

    public Task<(BookieStatus Status, long TotalBytes, long FreeBytes)> InfoAsync(BookieId bookie)
    {
        const int Both = 3;
        return Ask(
            Peer(bookie), BookieOperation.Info, default, EntryId.None, new Request { GetBookieInfoRequest = new() { Requested = Both } },
            (status, content) => content is Response { GetBookieInfoResponse: { } info } ? (status, info.TotalDiskCapacity, info.FreeDiskSpace) : (status, 0, 0));
    }

    /// <summary>Ends all connections; what waits fails as unreachable, and so does what comes later.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (var peer in _peers.Values)
            await peer.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
    }

    private Task<BatchAnswer> ReadTogetherAsync(BookiePeer peer, LedgerId ledger, EntryId first, int count)
    {
        count = (int)Math.Min(count, long.MaxValue - first.Value);
        var batch = new PipelinedBatch(count);
        for (var i = 0; i < count; i++)
            peer.Send(Outgoing.Of(new ReadRequest(ledger, new EntryId(first.Value + i)), batch, i, Options));
        return batch.Result;
    }

    private Task<T> Ask<T>(
        BookiePeer peer, BookieOperation operation, LedgerId ledger, EntryId entry, object message, Func<BookieStatus, object?, T> convert)
    {
        var request = new ContentRequest<T>(convert);
        var isWrite = operation is BookieOperation.WriteLac or BookieOperation.Force;
        peer.Send(Outgoing.Of(operation, ledger, entry, message, request, isWrite ? Options.AddTimeout : Options.ReadTimeout));
        return request.Result;
    }

    private BookiePeer Peer(BookieId bookie) => _peers.GetOrAdd(bookie, _newPeer);

    private (long Requests, long Bytes) Pending() => _peers.Values.Aggregate(
        (Requests: 0L, Bytes: 0L), (all, peer) => (all.Requests + peer.Pending.Requests, all.Bytes + peer.Pending.Bytes));
}

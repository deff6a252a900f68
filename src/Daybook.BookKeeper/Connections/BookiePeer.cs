using Daybook.BookKeeper.Placement;

namespace Daybook.BookKeeper.Connections;

/// <summary>
/// One bookie. In v2 mode adds and reads go over a connection that speaks v2, all else over one that speaks v3; so does a request whose answer over v2
/// could not be distinguished from that to an equal one in flight, for instance a plain read beside a fencing one: taking one answer for the other would be
/// taking a ledger for fenced that is not.
/// </summary>
internal sealed class BookiePeer(BookieId bookie, IBookieDirectory directory, ConnectionContext context) : IAsyncDisposable
{
    private readonly BookieLink? _v2 = context.Options.Protocol == BookieProtocol.V2 ? new(bookie, () => new V2Dialect(), directory, context) : null;
    private readonly BookieLink _v3 = new(bookie, () => new V3Dialect(), directory, context);
    private long _batches;

    /// <summary>True when batches can be read in one request.</summary>
    public bool ReadsBatches => _v2 is not null;

    /// <summary>What waits.</summary>
    public (long Requests, long Bytes) Pending
    {
        get
        {
            var (v2, v3) = (_v2?.Pending ?? default, _v3.Pending);
            return (v2.Requests + v3.Requests, v2.Bytes + v3.Bytes);
        }
    }

    /// <summary>The id of the next batch read.</summary>
    public long NextBatch() => Interlocked.Increment(ref _batches);

    public void Send(in Outgoing request)
    {
        if (_v2 is null || !V2Dialect.Speaks(request) || !_v2.Send(request))
            _v3.Send(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_v2 is not null)
            await _v2.DisposeAsync().ConfigureAwait(false);
        await _v3.DisposeAsync().ConfigureAwait(false);
    }
}

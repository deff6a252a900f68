using System.Net;
using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Network;
using Daybook.Bookie.Serving;
using Daybook.Bookie.Storage;
using Daybook.Embedded.Store;
using Daybook.Files;

namespace Daybook.Bookie.Tests.Probes;

/// <summary>A bookie within the test, on files that the test can make fail, behind a real socket.</summary>
internal sealed class TestBookie : IAsyncDisposable
{
    private readonly EmbeddedLedgerStore _store;
    private readonly BookieServer _server;
    private readonly HeldSyncs? _held;

    private TestBookie(EmbeddedLedgerStore store, LedgerService service, BookieServer server, HeldSyncs? held) =>
        (_store, Service, _server, _held) = (store, service, server, held);

    public LedgerService Service { get; }

    public int Port => _server.Address.Port;

    public static async Task<TestBookie> StartAsync(IFileSystem files, BlockLogOptions? options = null, TimeProvider? time = null, int segmentBytes = 64 << 20)
    {
        var store = await EmbeddedLedgerStore.OpenAsync(
            "/log", new EmbeddedLedgerStoreOptions { SegmentBytes = segmentBytes, MaxEntryBytes = segmentBytes / 4 }, files);
        var service = new LedgerService(store, options ?? new BlockLogOptions(), time ?? TimeProvider.System);
        await service.StartAsync(store, CancellationToken.None);
        return new TestBookie(store, service, new BookieServer(new IPEndPoint(IPAddress.Loopback, 0), service, Frames.DefaultMaxSize), files as HeldSyncs);
    }

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Port);

    public async ValueTask DisposeAsync()
    {
        // A test that failed while it held syncs is to end all the same.
        _held?.Release();
        await Service.DisposeAsync();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
    }
}

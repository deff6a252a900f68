using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;
using ReadRequest = Daybook.BookKeeper.Wire.ReadRequest;

namespace Daybook.Bookie.Tests.Serving;

/// <summary>What a bookie of Apache BookKeeper answered, this one answers.</summary>
public sealed class RecordedFrameTests
{
    private const long Ledger = 4328719365;
    private const string Entry11 = "0000000102030405000000000000000b00000000000000020000000000000014bf2b5a5168656c3131";
    private const string Lac4 = "00000001020304050000000000000004623992be";

    private const string Listing = "00000000000000020000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000000000000000000500000000000000000000000a000000000000000a0000000200000000";

    [Fact]
    public async Task V3_requests_get_the_recorded_replies()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var client = await bookie.ConnectAsync();
        await AddsAndReadsAsync(client);
        await LacsAsync(client);
        await PollsAsync(client);
        await FencesAsync(client);
    }

    [Fact]
    public async Task V2_requests_get_the_recorded_replies()
    {
        const long First = 4328722365;
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var client = await bookie.ConnectAsync();
        await SameAsync(client, "v2 ADD  ");
        await SameAsync(client, "v2 READ 0");
        for (var entry = 1; entry <= 5; entry++)
            await AddV2Async(client, First, entry, BookieStatus.Ok, entry - 1, 5 * (entry + 1));
        Assert.Equal(Recorded.Received("v2 READ missing entry"), await AskV2Async(client, new ReadRequest(new LedgerId(First), new EntryId(77))));
        var missing = V2Responses.Decode(await AskV2Async(client, new ReadRequest(new LedgerId(First + 1), new EntryId(0)))).Read!.Value;
        Assert.Equal((BookieStatus.NoLedger, new LedgerId(First + 1)), (missing.Status, missing.Ledger));
        var one = V2Responses.Decode(await client.ExchangeAsync(Recorded.Sent("v2 BATCH_READ start 1 maxCount 3 maxSize 0"))).BatchRead!;
        Assert.Equal((BookieStatus.Ok, new EntryId(1), 424242L), (one.Status, one.First, one.Request));
        Assert.Equal(new EntryId(1), EntryHeader.Read(Assert.Single(one.Entries).Span).Entry);
        Assert.Equal(2, (await BatchAsync(client, First, 150)).Entries.Count);
        Assert.Equal(6, (await BatchAsync(client, First, 1_000_000)).Entries.Count);
        await AddV2Async(client, First, 6, BookieStatus.Unauthorized, 4, 30, key: new byte[20]);
        var fenced = V2Responses.Decode(await client.ExchangeAsync(Recorded.Sent("v2 READ -1 with fencing flag"))).Read!.Value;
        Assert.Equal((BookieStatus.Ok, EntryId.None), (fenced.Status, fenced.Entry));
        Assert.Equal(new EntryHeader(new LedgerId(First), new EntryId(5), new EntryId(4), 30), EntryHeader.Read(fenced.Body.Span));
        await AddV2Async(client, First, 7, BookieStatus.Fenced, 4, 30);
        await AddV2Async(client, First, 6, BookieStatus.Ok, 4, 30, AddOptions.Recovery | AddOptions.HighPriority);
        await client.WriteAsync(output => V2Requests.WriteAuth(output, new AuthMessage { AuthPluginName = "x", Payload = Google.Protobuf.ByteString.Empty }));
        var auth = await client.ReceiveAsync();
        Assert.Equal("02030000", Convert.ToHexStringLower(auth[..4]));
        Assert.Equal("AuthDisabledPlugin", V2Responses.Decode(auth).Auth!.AuthPluginName);
    }

    [Fact]
    public async Task What_closed_the_connection_closes_it()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using (var client = await bookie.ConnectAsync())
        {
            await client.SendAsync([0, 0, 0, 4, 2, 9, 0, 0]);
            Assert.True(await client.IsClosedAsync());
        }
        using (var client = await bookie.ConnectAsync())
        {
            await SameAsync(client, "v2 ADD  ");
            await client.SendAsync(Recorded.Sent("v3 READ entry 0"));
            Assert.True(await client.IsClosedAsync());
        }
        using (var client = await bookie.ConnectAsync())
        {
            await client.SendAsync([0, 0x60, 0, 0, 1]);
            Assert.True(await client.IsClosedAsync());
        }
        using (var client = await bookie.ConnectAsync())
        {
            // Answers to what came before are read, and then the end: a reset would lose them.
            await SameAsync(client, "v2 ADD  ");
            await client.SendAsync([.. Recorded.Sent("v2 READ 0"), 0, 0, 0, 4, 2, 9, 0, 0, .. new byte[100_000]]);
            Assert.Equal(Recorded.Received("v2 READ 0"), await client.ReceiveAsync());
            Assert.True(await client.IsClosedAsync());
        }
        using var large = await bookie.ConnectAsync();
        Assert.Equal(BookieStatus.Ok, (await large.AddAsync(4328723365, 0, payload: new byte[5 * 1024 * 1024 - 200])).Status);
        Assert.Equal(5 * 1024 * 1024 - 200 + 36, (await large.ReadAsync(4328723365, 0)).Read!.Value.Body.Length);
    }

    private static async Task AddsAndReadsAsync(RawClient client)
    {
        await SameAsync(client, "v3 ADD entry 0");
        await client.AddAsync(RawClient.AddOf(Ledger, RawClient.Entry(Ledger, 1, 0, "hell1"u8.ToArray(), 10)));
        await client.AddAsync(RawClient.AddOf(Ledger, RawClient.Entry(Ledger, 2, 1, "hell2"u8.ToArray(), 15)));
        await SameAsync(client, "v3 READ entry 0");
        var last = (await client.ReadAsync(Ledger, -1)).Read!.Value;
        Assert.Equal((BookieStatus.Ok, EntryId.None, new EntryId(1)), (last.Status, last.Entry, last.MaxLac));
        Assert.Equal(new EntryHeader(new LedgerId(Ledger), new EntryId(2), new EntryId(1), 15), EntryHeader.Read(last.Body.Span));
        Assert.Equal((BookieStatus.NoEntry, 99L, null), Of((await client.ReadAsync(Ledger, 99)).Read!.Value));
        Assert.Equal((BookieStatus.NoLedger, 0L, null), Of((await client.ReadAsync(Ledger + 1, 0)).Read!.Value));
        var three = RawClient.Entry(Ledger, 3, 2, "hell3"u8.ToArray(), 20);
        Assert.Equal(BookieStatus.Unauthorized, (await client.AddAsync(RawClient.AddOf(Ledger, three, key: new byte[20]))).Status);
        var other = (await client.AddAsync(RawClient.AddOf(4328719372, three))).Add!.Value;
        Assert.Equal((BookieStatus.Ok, new LedgerId(4328719372), new EntryId(3)), (other.Status, other.Ledger, other.Entry));
        Assert.Equal(BookieStatus.Ok, (await client.AddAsync(RawClient.AddOf(Ledger, RawClient.Entry(Ledger, 2, 1, "hell2"u8.ToArray(), 15)))).Status);
        Assert.Equal(BookieStatus.Ok, (await client.AddAsync(RawClient.AddOf(Ledger, [.. RawClient.Entry(Ledger, 4, 2, "hell4"u8.ToArray()), 0]))).Status);
        Assert.Equal(BookieStatus.Ok, (await client.AddAsync(Ledger, 10, 2)).Status);
        var eleven = RawClient.AddOf(Ledger, Convert.FromHexString(Entry11), AddOptions.DeferredSync);
        Assert.Equal(BookieStatus.Ok, (await client.AddAsync(eleven)).Status);
        var twelve = RawClient.AddOf(Ledger, RawClient.Entry(Ledger, 12, 2, []));
        var version2 = await client.AskAsync(output => V3Requests.WriteAdd(output, 1, twelve), spoil: bytes => bytes[7] = 2);
        Assert.Equal((BookieStatus.BadVersion, 12L), (version2.Status, version2.Add!.Value.Entry.Value));
        Assert.Equal(3, version2.Header.Version);
        var read2 = await client.AskAsync(output => V3Requests.WriteRead(output, 2, new ReadRequest(new LedgerId(Ledger), new EntryId(0))), bytes => bytes[7] = 2);
        Assert.Equal((BookieStatus.BadVersion, 3), (read2.Status, read2.Header.Version));
    }

    private static async Task LacsAsync(RawClient client)
    {
        await SameAsync(client, "v3 FORCE_LEDGER");
        await SameAsync(client, "v3 WRITE_LAC 4");
        var lac = (await client.ReadLacAsync(Ledger)).Other!.ReadLacResponse;
        Assert.Equal((Lac4, Entry11), (Convert.ToHexStringLower(lac.LacBody.Span), Convert.ToHexStringLower(lac.LastEntryBody.Span)));
        Assert.Equal(BookieStatus.NoEntry, (await client.ReadLacAsync(Ledger + 1)).Status);
        var info = await client.ExchangeAsync(Recorded.Sent("v3 GET_BOOKIE_INFO 3"));
        var recorded = V3Response.Decode(Recorded.Received("v3 GET_BOOKIE_INFO 3")).Other!;
        recorded.GetBookieInfoResponse.TotalDiskCapacity = recorded.GetBookieInfoResponse.FreeDiskSpace = 0;
        Assert.Equal(recorded, V3Response.Decode(info).Other);
        Assert.Equal(Listing, Convert.ToHexStringLower((await client.ListAsync(Ledger)).Other!.GetListOfEntriesOfLedgerResponse.AvailabilityOfEntriesOfLedger.Span));
        Assert.Equal(BookieStatus.NoLedger, (await client.ListAsync(Ledger + 1)).Status);
        await SameAsync(client, "v3 AUTH with auth off  ");
        foreach (var refused in new[] { OperationType.StartTls, OperationType.RangeReadEntry, OperationType.BatchReadEntry })
        {
            var answer = await client.OtherAsync(refused, request => request.StartTLSRequest = refused == OperationType.StartTls ? new StartTLSRequest() : null);
            Assert.Equal((BookieStatus.BadRequest, null), (answer.Status, answer.Other!.StartTLSResponse));
        }
    }

    private static async Task PollsAsync(RawClient client)
    {
        var poll = new ReadRequest(new LedgerId(Ledger), EntryId.None, PreviousLac: new EntryId(100), Timeout: 50);
        var late = (await client.ReadAsync(poll)).Read!.Value;
        Assert.Equal((BookieStatus.Ok, -1L, 4L, 41, null), (late.Status, late.Entry.Value, late.MaxLac!.Value.Value, late.Body.Length, late.LacUpdated));
        var next = V3Response.Decode(await client.ExchangeAsync(Recorded.Sent("long poll prev=0 ENTRY_PIGGYBACK"))).Read!.Value;
        Assert.Equal((BookieStatus.Ok, 1L, 4L, null), (next.Status, next.Entry.Value, next.MaxLac!.Value.Value, next.LacUpdated));
        Assert.Equal(new EntryHeader(new LedgerId(Ledger), new EntryId(1), new EntryId(0), 10), EntryHeader.Read(next.Body.Span));
        var bad = poll with { Entry = new EntryId(3), Options = ReadOptions.Piggyback };
        Assert.Equal(BookieStatus.BadRequest, (await client.ReadAsync(bad)).Status);
    }

    private static async Task FencesAsync(RawClient client)
    {
        Assert.Equal((BookieStatus.Unauthorized, -1L, null), Of((await client.FenceAsync(Ledger, key: [])).Read!.Value));
        Assert.Equal((BookieStatus.Unauthorized, -1L, null), Of((await client.FenceAsync(Ledger, key: new byte[20])).Read!.Value));
        var fenced = V3Response.Decode(await client.ExchangeAsync(Recorded.Sent("FENCE read entry -1"))).Read!.Value;
        Assert.Equal((BookieStatus.Ok, EntryId.None), (fenced.Status, fenced.Entry));
        Assert.Equal(Entry11, Convert.ToHexStringLower(fenced.Body.Span));
        Assert.Equal((BookieStatus.NoEntry, 50L, null), Of((await client.FenceAsync(Ledger, 50)).Read!.Value));
        Assert.Equal(BookieStatus.Fenced, (await client.AddAsync(Ledger, 20)).Status);
        Assert.Equal(BookieStatus.Ok, V3Response.Decode(await client.ExchangeAsync(Recorded.Sent("RECOVERY_ADD after fence"))).Status);
        Assert.Equal(BookieStatus.Ok, (await client.WriteLacAsync(Ledger, 20)).Status);
        const long Unseen = 4328721365;
        Assert.Equal((BookieStatus.NoEntry, -1L, null), Of((await client.FenceAsync(Unseen)).Read!.Value));
        Assert.Equal(BookieStatus.Fenced, (await client.AddAsync(Unseen, 0)).Status);
        Assert.Equal((BookieStatus.NoEntry, 0L, null), Of((await client.ReadAsync(Unseen, 0)).Read!.Value));
        Assert.Equal((BookieStatus.NoEntry, -1L, null), Of((await client.ReadAsync(Unseen, -1)).Read!.Value));
    }

    private static (BookieStatus, long, EntryId?) Of(BookKeeper.Wire.ReadResponse read) => (read.Status, read.Entry.Value, read.MaxLac);

    private static async Task SameAsync(RawClient client, string probe) =>
        Assert.Equal(Convert.ToHexStringLower(Recorded.Received(probe)), Convert.ToHexStringLower(await client.ExchangeAsync(Recorded.Sent(probe))));

    private static async Task<byte[]> AskV2Async(RawClient client, ReadRequest request)
    {
        await client.WriteAsync(output => V2Requests.WriteRead(output, request));
        return await client.ReceiveAsync();
    }

    private static async Task<BatchReadResponse> BatchAsync(RawClient client, long ledger, long maxBytes)
    {
        await client.WriteAsync(output => V2Requests.WriteBatchRead(output, new BatchReadRequest(new LedgerId(ledger), new EntryId(0), 9, 0, maxBytes)));
        return V2Responses.Decode(await client.ReceiveAsync()).BatchRead!;
    }

    private static async Task AddV2Async(
        RawClient client, long ledger, long entry, BookieStatus expected, long lac, long length, AddOptions options = AddOptions.None, byte[]? key = null)
    {
        var body = RawClient.Entry(ledger, entry, lac, System.Text.Encoding.ASCII.GetBytes($"hell{entry}"), length);
        await client.WriteAsync(output => V2Requests.WriteAdd(output, RawClient.AddOf(ledger, body, options, key)));
        var add = V2Responses.Decode(await client.ReceiveAsync()).Add!.Value;
        Assert.Equal((expected, ledger, entry), (add.Status, add.Ledger.Value, add.Entry.Value));
    }
}

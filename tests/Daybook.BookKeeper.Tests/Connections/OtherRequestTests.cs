using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Tests.Wire;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Google.Protobuf;
using ReadRequest = Daybook.BookKeeper.Wire.ReadRequest;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>Batches, LACs, forces, lists, disks; and what goes over which connection.</summary>
public sealed class OtherRequestTests
{
    private static Func<BookKeeperOptions, BookKeeperOptions> V2 => o => o with { Protocol = BookieProtocol.V2 };

    [Fact]
    public async Task Requests_that_v2_lacks_go_over_a_second_connection_of_v3()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(V2, bookie);
        asker.Add(bookie, 0);
        asker.Add(bookie, 1, options: AddOptions.Recovery | AddOptions.HighPriority);
        asker.Read(bookie, 2);
        var batch = asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(3), 2, 100);
        var overV2 = await bookie.NextAsync(4);
        Assert.Equal(1, bookie.Accepted);
        asker.Add(bookie, 4, options: AddOptions.DeferredSync);
        asker.Read(bookie, new ReadRequest(Asker.Ledger, EntryId.None, ReadOptions.Piggyback, PreviousLac: new EntryId(3), Timeout: 10));
        asker.Read(bookie, new ReadRequest(Asker.Ledger, new EntryId(5), PreviousLac: new EntryId(4), Timeout: 10));
        Task[] others =
        [
            batch, asker.Bookies.WriteLacAsync(bookie.Id, Asker.Ledger, new EntryId(4), Probe.Key, new byte[20]), asker.Bookies.ForceAsync(bookie.Id, Asker.Ledger),
            asker.Bookies.ReadLacAsync(bookie.Id, Asker.Ledger), asker.Bookies.ListEntriesAsync(bookie.Id, Asker.Ledger), asker.Bookies.InfoAsync(bookie.Id),
        ];
        var overV3 = await bookie.NextAsync(8);

        Assert.All(overV2, request => Assert.NotNull(request.V2));
        Assert.Equal(AddOptions.Recovery | AddOptions.HighPriority, overV2[1].V2!.Value.Add!.Value.Options);
        Assert.All(overV3, request => Assert.NotNull(request.V3));
        Assert.Equal(2, bookie.Accepted);
        await asker.DisposeAsync();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task Equal_concurrent_requests_over_v2_are_distinguished()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(V2, bookie);
        asker.Read(bookie, new ReadRequest(Asker.Ledger, EntryId.None), 0);
        asker.Read(bookie, new ReadRequest(Asker.Ledger, EntryId.None, ReadOptions.Fence, Probe.Key), 1);
        asker.Add(bookie, 7, 2);
        asker.Add(bookie, 7, 3, AddOptions.Recovery);
        var requests = (await bookie.NextAsync(4)).ToLookup(request => request.V2 is not null);
        var (plain, add) = (requests[true].Single(r => r.V2!.Value.Read is not null), requests[true].Single(r => r.V2!.Value.Add is not null));
        var fencing = requests[false].Single(r => r.V3!.Value.Read is { Options: ReadOptions.Fence });
        var recovery = requests[false].Single(r => r.V3!.Value.Add is { Options: AddOptions.Recovery });

        await recovery.AnswerAsync();
        Assert.Equal((3, BookieStatus.Ok), ((await asker.NextAsync()) is var a ? a.Position : -1, a.Status));
        await plain.AnswerAsync(BookieStatus.NoEntry);
        Assert.Equal((0, BookieStatus.NoEntry), ((await asker.NextAsync()) is var b ? b.Position : -1, b.Status));
        await add.AnswerAsync(BookieStatus.Fenced);
        Assert.Equal((2, BookieStatus.Fenced), ((await asker.NextAsync()) is var c ? c.Position : -1, c.Status));
        await fencing.AnswerAsync(BookieStatus.Unauthorized);
        Assert.Equal((1, BookieStatus.Unauthorized), ((await asker.NextAsync()) is var d ? d.Position : -1, d.Status));
    }

    [Fact]
    public async Task Batch_over_v2_is_one_request()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(V2, bookie);
        byte[][] entries = [new byte[40], [.. Enumerable.Repeat((byte)7, 90_000)], new byte[33]];
        var (first, second) = (Batch(10, 3, 200_000), Batch(10, 5, long.MaxValue));
        var requests = (await bookie.NextAsync(2)).Select(r => (r.Connection, r.V2!.Value.BatchRead!.Value)).ToArray();
        Assert.Equal((new EntryId(10), 3, 200_000), (requests[0].Value.First, requests[0].Value.MaxCount, requests[0].Value.MaxBytes));
        Assert.Equal(Frames.DefaultMaxSize, requests[1].Value.MaxBytes);
        foreach (var (connection, request) in requests.Reverse())
        {
            var answer = new BatchReadResponse(
                BookieStatus.Ok, request.Ledger, request.First, request.Request, [.. entries.Take(request.MaxCount == 3 ? 3 : 1).Select(e => (ReadOnlyMemory<byte>)e)]);
            await connection.SendAsync(b => V2Responses.WriteBatchRead(b, answer));
        }
        Assert.Equal(entries, (await first).Entries.Select(e => e.ToArray()));
        Assert.Equal((BookieStatus.Ok, 1), ((await second).Status, (await second).Entries.Count));

        Task<BatchAnswer> Batch(long entry, int count, long bytes) => asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(entry), count, bytes);
    }

    [Theory]
    [InlineData(BookieStatus.NoEntry, 10, 1, BookieStatus.NoEntry)]
    [InlineData(BookieStatus.Ok, 10, 0, BookieStatus.Malformed)]
    [InlineData(BookieStatus.Ok, 11, 1, BookieStatus.Malformed)]
    internal async Task Batch_over_v2_is_good_only_with_what_was_asked(BookieStatus answered, long first, int count, BookieStatus expected)
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(V2, bookie);
        var batch = asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(10), 3, 1000);
        var request = await bookie.NextAsync();
        var answer = new BatchReadResponse(
            answered, Asker.Ledger, new EntryId(first), request.V2!.Value.BatchRead!.Value.Request, [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[40], count)]);
        await request.Connection.SendAsync(b => V2Responses.WriteBatchRead(b, answer));

        Assert.Equal((expected, 0), ((await batch).Status, (await batch).Entries.Count));
    }

    [Fact]
    public async Task Batch_over_v3_is_single_reads_cut_before_the_first_that_is_not_good()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var batch = asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(10), 5, 1000);
        var requests = await bookie.NextAsync(5);
        foreach (var request in requests.Reverse())
            await request.AnswerAsync(request.Entry == new EntryId(13) ? BookieStatus.NoEntry : BookieStatus.Ok, [(byte)request.Entry.Value]);

        Assert.Equal([10L, 11, 12, 13, 14], requests.Select(r => r.Entry.Value));
        Assert.Equal([10, 11, 12], (await batch).Entries.Select(e => e.Span[0]));
        Assert.Equal(BookieStatus.Ok, (await batch).Status);
    }

    [Fact]
    public async Task Batch_over_v3_is_bounded_in_count_and_fails_with_its_first_entry()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var bounded = asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(0), 0, 250);
        foreach (var request in await bookie.NextAsync(PipelinedBatch.MostReads))
            await request.AnswerAsync(body: new byte[100]);
        Assert.Equal((BookieStatus.Ok, PipelinedBatch.MostReads), ((await bounded).Status, (await bounded).Entries.Count));

        var failed = asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(0), 2, 250);
        foreach (var request in await bookie.NextAsync(2))
            await request.AnswerAsync(request.Entry == new EntryId(0) ? BookieStatus.NoLedger : BookieStatus.Ok, new byte[100]);
        Assert.Equal((BookieStatus.NoLedger, 0), ((await failed).Status, (await failed).Entries.Count));
    }

    [Fact]
    public async Task Lacs_forces_lists_and_disks_are_asked_and_answered()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var (all, ledger) = (asker.Bookies, Asker.Ledger);
        var write = all.WriteLacAsync(bookie.Id, ledger, new EntryId(4), Probe.Key, new byte[] { 1, 2 });
        var asked = await bookie.NextAsync();
        Assert.Equal((ledger.Value, 4, Probe.Hex(Probe.Key), "0102"), (asked.V3!.Value.Other!.WriteLacRequest is var lac
            ? (lac.LedgerId, lac.Lac, Probe.Hex(lac.MasterKey.Span), Probe.Hex(lac.Body.Span)) : default));
        await asked.AnswerAsync(r => r.WriteLacResponse = new() { Status = StatusCode.Eok, LedgerId = ledger.Value });
        Assert.Equal(BookieStatus.Ok, await write);

        var read = all.ReadLacAsync(bookie.Id, ledger);
        await (await bookie.NextAsync()).AnswerAsync(r => r.ReadLacResponse = new() { Status = StatusCode.Eok, LedgerId = ledger.Value, LacBody = ByteString.CopyFrom(9) });
        Assert.Equal((BookieStatus.Ok, 1, 0), ((await read).Status, (await read).Lac.Length, (await read).LastEntry.Length));

        var force = all.ForceAsync(bookie.Id, ledger);
        await (await bookie.NextAsync()).AnswerAsync(r => r.ForceLedgerResponse = new() { Status = StatusCode.Eio, LedgerId = ledger.Value });
        Assert.Equal(BookieStatus.IoError, await force);

        var list = all.ListEntriesAsync(bookie.Id, ledger);
        byte[] listing = [0, 0, 0, 0, 0, 0, 0, 1, .. new byte[56], .. new byte[19], 5, .. new byte[4]];
        await (await bookie.NextAsync()).AnswerAsync(r => r.GetListOfEntriesOfLedgerResponse = new()
        {
            Status = StatusCode.Eok, LedgerId = ledger.Value, AvailabilityOfEntriesOfLedger = ByteString.CopyFrom(listing),
        });
        Assert.Equal((BookieStatus.Ok, 5), ((await list).Status, (await list).Entries!.Count));

        var info = all.InfoAsync(bookie.Id);
        await (await bookie.NextAsync()).AnswerAsync(r => r.GetBookieInfoResponse = new() { Status = StatusCode.Eok, TotalDiskCapacity = 100, FreeDiskSpace = 40 });
        Assert.Equal((BookieStatus.Ok, 100, 40), await info);
    }

    [Fact]
    public async Task Refused_times_out_or_malformed_means_a_status_without_content()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var (all, ledger) = (asker.Bookies, Asker.Ledger);
        var info = all.InfoAsync(bookie.Id);
        await (await bookie.NextAsync()).AnswerAsync(r => r.Status = StatusCode.Eua);
        Assert.Equal((BookieStatus.Unauthorized, 0, 0), await info);

        var lac = all.ReadLacAsync(bookie.Id, ledger);
        await bookie.NextAsync();
        asker.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(new LacAnswer(BookieStatus.TimedOut, default, default), await lac);

        var (list, other) = (all.ListEntriesAsync(bookie.Id, ledger), all.ForceAsync(bookie.Id, ledger));
        await (await bookie.NextAsync(2))[0].AnswerAsync(r => r.GetListOfEntriesOfLedgerResponse = new()
        {
            Status = StatusCode.Eok, LedgerId = ledger.Value, AvailabilityOfEntriesOfLedger = ByteString.CopyFrom(1, 2, 3),
        });
        Assert.Equal((BookieStatus.Malformed, null), await list);
        Assert.Equal(BookieStatus.Malformed, await other);
        asker.Time.Advance(TimeSpan.FromSeconds(1));

        var force = all.ForceAsync(bookie.Id, ledger);
        await (await bookie.NextAsync()).AnswerAsync(r => r.ForceLedgerResponse = new() { Status = StatusCode.Eok, LedgerId = 5 });
        Assert.Equal(BookieStatus.Malformed, await force);
    }
}

using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Tests.Wire;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>Requests and answers over sound connections.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task L18_requests_of_v3_stand_on_the_wire_as_recorded()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Add(bookie, 0);
        for (var transaction = 2; transaction <= 31; transaction++)
            asker.Read(bookie, transaction == 31 ? new ReadRequest(Asker.Ledger, EntryId.None, ReadOptions.Fence, Probe.Key) : new ReadRequest(Asker.Ledger, new EntryId(0)));
        var requests = await bookie.NextAsync(31);

        Assert.Equal(Probe.Hex(Recorded.Sent("v3 ADD entry 0")), requests[0].Hex);
        Assert.Equal(Probe.Hex(Recorded.Sent("v3 READ entry 0")), requests[3].Hex);
        Assert.Equal(Probe.Hex(Recorded.Sent("FENCE read entry -1")), requests[30].Hex);
        Assert.Equal(1, bookie.Accepted);
    }

    [Fact]
    public async Task L18_requests_of_v2_stand_on_the_wire_as_recorded()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = BookieProtocol.V2 }, bookie);
        var ledger = Probe.LedgerOfV2;
        asker.Add(bookie, new AddRequest(ledger, new EntryId(0), Probe.Key, Probe.Packaged(ledger, 0, -1, 5, "hello"), AddOptions.None));
        asker.Read(bookie, new ReadRequest(ledger, new EntryId(0)));
        asker.Read(bookie, new ReadRequest(ledger, EntryId.None, ReadOptions.Fence, Probe.Key));

        Assert.Equal(Probe.Hex(Recorded.Sent("v2 ADD")), (await bookie.NextAsync()).Hex);
        Assert.Equal(Probe.Hex(Recorded.Sent("v2 READ 0")), (await bookie.NextAsync()).Hex);
        Assert.Equal(Probe.Hex(Recorded.Sent("v2 READ -1 with fencing flag")), (await bookie.NextAsync()).Hex);
    }

    [Theory]
    [InlineData(BookieProtocol.V2)]
    [InlineData(BookieProtocol.V3)]
    public async Task Answers_in_any_order_reach_their_callers(BookieProtocol protocol)
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = protocol }, bookie);
        for (var i = 0; i < 20; i++)
        {
            asker.Add(bookie, i, i);
            asker.Read(bookie, i, 100 + i);
        }
        var requests = await bookie.NextAsync(40);
        new Random(3).Shuffle(requests);
        foreach (var request in requests)
        {
            await request.AnswerAsync(request.Entry.Value % 3 == 0 ? BookieStatus.NoLedger : BookieStatus.Ok, [(byte)request.Entry.Value]);
            var answer = await asker.NextAsync();
            Assert.Equal((bookie.Id, request.Entry.Value), (answer.Bookie, answer.Position % 100));
            Assert.Equal((request.Entry, request.Entry.Value % 3 == 0 ? BookieStatus.NoLedger : BookieStatus.Ok), (answer.Entry, answer.Status));
            if (answer is { Position: >= 100, Status: BookieStatus.Ok })
                Assert.Equal([(byte)request.Entry.Value], answer.Response.Body.ToArray());
        }
        Assert.Equal(0, asker.Unread);
        Assert.Equal(1, bookie.Accepted);
    }

    [Theory]
    [InlineData(BookieProtocol.V2)]
    [InlineData(BookieProtocol.V3)]
    public async Task Bodies_are_not_overwritten_by_later_answers(BookieProtocol protocol)
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = protocol }, bookie);
        int[] sizes = [1, 1_000, 65_400, 65_536, 70_000, 1_000_000, 10, Frames.MaxPackaged(Frames.DefaultMaxSize), 3];
        var kept = new List<Answer>();
        for (var i = 0; i < sizes.Length; i++)
        {
            asker.Read(bookie, i, i);
            var body = new byte[sizes[i]];
            new Random(i).NextBytes(body);
            var request = await bookie.NextAsync();
            var answering = request.AnswerAsync(body: body);
            kept.Add(await asker.NextAsync());
            await answering;
        }
        foreach (var answer in kept)
        {
            var expected = new byte[sizes[answer.Position]];
            new Random(answer.Position).NextBytes(expected);
            Assert.True(answer.Response.Body.Span.SequenceEqual(expected), $"body of {expected.Length} bytes");
        }
    }

    [Fact]
    public async Task Add_is_copied_before_the_call_returns_and_may_be_as_large_as_a_frame()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var payload = new byte[Frames.MaxPayload(Frames.DefaultMaxSize)];
        new Random(1).NextBytes(payload);
        var expected = (byte[])payload.Clone();
        var header = new EntryHeader(Asker.Ledger, new EntryId(5), EntryId.None, payload.Length);
        asker.Add(bookie, new AddRequest(Asker.Ledger, new EntryId(5), Probe.Key, PackagedEntry.Seal(header, payload, Probe.Digest), AddOptions.None));
        Array.Clear(payload);
        var request = await bookie.NextAsync();

        Assert.True(request.V3!.Value.Add!.Value.Body.Head.Span[36..].SequenceEqual(expected));
        await request.AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task Add_that_fits_no_frame_is_refused_and_the_connection_stays()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { MaxFrameBytes = 2048 }, bookie);
        asker.Add(bookie, Asker.AddOf(1, new string('x', 2048)));

        Assert.Equal(BookieStatus.BadRequest, (await asker.NextAsync()).Status);
        asker.Add(bookie, 2);
        await (await bookie.NextAsync()).AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task Request_refused_outright_is_answered_with_the_outer_status()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Add(bookie, 0, 0);
        asker.Read(bookie, 4, 1);
        foreach (var request in await bookie.NextAsync(2))
            await request.AnswerAsync(r => r.Status = Daybook.BookKeeper.Wire.Proto.StatusCode.Eua);
        var (add, read) = (await asker.NextAsync(), await asker.NextAsync());

        Assert.Equal((BookieStatus.Unauthorized, BookieStatus.Unauthorized), (add.Status, read.Status));
        Assert.Equal(new ReadResponse(BookieStatus.Unauthorized, Asker.Ledger, new EntryId(4)), read.Response);
    }

    [Fact]
    public async Task Status_of_a_newer_bookie_is_an_error_of_the_bookie()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Add(bookie, 0);
        await (await bookie.NextAsync()).AnswerAsync((BookieStatus)599);

        Assert.Equal(BookieStatus.IoError, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task Long_poll_may_bring_the_next_entry_or_none()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var poll = new ReadRequest(Asker.Ledger, EntryId.None, ReadOptions.Piggyback, PreviousLac: new EntryId(6), Timeout: 700);
        foreach (var entry in new[] { 7L, -1L })
        {
            asker.Read(bookie, poll);
            var request = await bookie.NextAsync();
            var body = entry < 0 ? Array.Empty<byte>() : [9];
            await request.Connection.SendAsync(b => Daybook.BookKeeper.Wire.V3.V3Responses.WriteRead(
                b, request.V3!.Value.Header, new ReadResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(entry), body, new EntryId(8), 123)));
            var answer = await asker.NextAsync();

            Assert.Equal((BookieStatus.Ok, EntryId.None), (answer.Status, answer.Entry));
            Assert.Equal((new EntryId(entry), new EntryId(8), 123), (answer.Response.Entry, answer.Response.MaxLac, answer.Response.LacUpdated));
            Assert.Equal(body, answer.Response.Body.ToArray());
        }
    }

    [Fact]
    public async Task Receiver_that_throws_does_not_keep_others_from_their_answers()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Bookies.Add(bookie.Id, Asker.AddOf(0), new Thrower(), 0);
        asker.Add(bookie, 1);
        foreach (var request in await bookie.NextAsync(2))
            await request.AnswerAsync();

        Assert.Equal((new EntryId(1), BookieStatus.Ok), ((await asker.NextAsync()) is var answer ? answer.Entry : default, answer.Status));
        Assert.Equal(1, bookie.Accepted);
    }

    private sealed class Thrower : Daybook.BookKeeper.Connections.IAddAnswers
    {
        public void Added(BookieId bookie, int position, EntryId entry, BookieStatus status) => throw new InvalidOperationException("Thrown by a test.");
    }
}

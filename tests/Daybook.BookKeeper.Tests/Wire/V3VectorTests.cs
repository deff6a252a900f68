using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V3;
using Google.Protobuf;
using AddRequest = Daybook.BookKeeper.Wire.AddRequest;
using AddResponse = Daybook.BookKeeper.Wire.AddResponse;
using ReadRequest = Daybook.BookKeeper.Wire.ReadRequest;

namespace Daybook.BookKeeper.Tests.Wire;

/// <summary>L18: the v3 frames that real bookies took, and their answers, byte for byte.</summary>
public sealed class V3VectorTests
{
    public static TheoryData<string> Probes => [.. Recorded.Statuses.Keys];

    [Fact]
    public void L18_add_is_the_recorded_frame()
    {
        var request = new AddRequest(Probe.Ledger, new EntryId(0), Probe.Key, Probe.Packaged(Probe.Ledger, 0, -1, 5, "hello"), AddOptions.None);

        Assert.Equal(Probe.Hex(Recorded.Sent("v3 ADD entry 0")), Probe.Hex(Probe.Written(b => V3Requests.WriteAdd(b, 1, request))));
    }

    [Fact]
    public void L18_answer_to_an_add_is_the_recorded_one_both_ways()
    {
        var received = Recorded.Received("v3 ADD entry 0");
        var response = V3Response.Decode(received);

        Assert.Equal((OperationType.AddEntry, 1UL, BookieStatus.Ok), (response.Header.Operation, response.Header.Transaction, response.Status));
        Assert.Equal(new AddResponse(BookieStatus.Ok, Probe.Ledger, new EntryId(0)), response.Add);
        Assert.Equal(Probe.Hex(received), Probe.Hex(Probe.Payload(b => V3Responses.WriteAdd(b, response.Header, response.Add!.Value))));
    }

    [Fact]
    public void L18_recovery_add_is_the_recorded_frame()
    {
        var body = Probe.Packaged(Probe.Ledger, 21, 2, 20, "hel21");
        var request = new AddRequest(Probe.Ledger, new EntryId(21), Probe.Key, body, AddOptions.Recovery | AddOptions.HighPriority);

        Assert.Equal(Probe.Hex(Recorded.Sent("RECOVERY_ADD after fence")), Probe.Hex(Probe.Written(b => V3Requests.WriteAdd(b, 34, request))));
    }

    [Fact]
    public void L18_read_is_the_recorded_frame_and_its_answer_opens()
    {
        Assert.Equal(
            Probe.Hex(Recorded.Sent("v3 READ entry 0")),
            Probe.Hex(Probe.Written(b => V3Requests.WriteRead(b, 4, new ReadRequest(Probe.Ledger, new EntryId(0))))));

        var received = Recorded.Received("v3 READ entry 0");
        var response = V3Response.Decode(received);
        var read = response.Read!.Value;

        Assert.Equal((BookieStatus.Ok, Probe.Ledger, new EntryId(0), new EntryId(1)), (response.Status, read.Ledger, read.Entry, read.MaxLac));
        var opened = PackagedEntry.Open(read.Body, Probe.Ledger, new EntryId(0), Probe.Digest, Probe.Bookie);
        Assert.Equal(("hello", EntryId.None, 5), (System.Text.Encoding.ASCII.GetString(opened.Payload.Span), opened.Header.LastAddConfirmed, opened.Header.Length));
        Assert.Equal(Probe.Hex(received), Probe.Hex(Probe.Payload(b => V3Responses.WriteRead(b, response.Header, read))));
    }

    [Fact]
    public void L18_fencing_read_is_the_recorded_frame()
    {
        var request = new ReadRequest(Probe.Ledger, EntryId.None, ReadOptions.Fence, Probe.Key);

        Assert.Equal(Probe.Hex(Recorded.Sent("FENCE read entry -1")), Probe.Hex(Probe.Written(b => V3Requests.WriteRead(b, 31, request))));
    }

    [Fact]
    public void L18_long_poll_is_the_recorded_frame()
    {
        var request = new ReadRequest(Probe.Ledger, EntryId.None, ReadOptions.Piggyback, PreviousLac: new EntryId(0), Timeout: 700);
        var sent = Recorded.Frames.Single(f => f.Key.StartsWith("long poll prev=0", StringComparison.Ordinal)).Value.Sent!;

        Assert.Equal(Probe.Hex(sent), Probe.Hex(Probe.Written(b => V3Requests.WriteRead(b, 27, request))));
    }

    [Fact]
    public void L18_force_is_the_recorded_frame_and_its_answer_is_good() =>
        Other("v3 FORCE_LEDGER", Of(OperationType.ForceLedger, 14, r => r.ForceLedgerRequest = new ForceLedgerRequest { LedgerId = Probe.Ledger.Value }));

    [Fact]
    public void L18_explicit_lac_is_the_recorded_frame_and_its_answer_is_good() =>
        Other("v3 WRITE_LAC 4", Of(OperationType.WriteLac, 15, r => r.WriteLacRequest = new WriteLacRequest
        {
            LedgerId = Probe.Ledger.Value,
            Lac = 4,
            MasterKey = ByteString.CopyFrom(Probe.Key),
            Body = ByteString.CopyFrom(LacPacket.Seal(Probe.Ledger, new EntryId(4), Probe.Digest)),
        }));

    [Fact]
    public void L18_bookie_info_is_the_recorded_frame_and_its_answer_is_read()
    {
        var response = Other("v3 GET_BOOKIE_INFO 3", Of(OperationType.GetBookieInfo, 18, r => r.GetBookieInfoRequest = new GetBookieInfoRequest { Requested = 3 }));

        Assert.Equal((270553174016, 72590209024), (response.GetBookieInfoResponse.TotalDiskCapacity, response.GetBookieInfoResponse.FreeDiskSpace));
    }

    [Fact]
    public void L18_auth_without_a_provider_is_the_recorded_frame_and_its_answer_is_read()
    {
        var message = new AuthMessage { AuthPluginName = "AuthDisabledPlugin", Payload = ByteString.Empty };
        var response = Other("v3 AUTH with auth off", Of(OperationType.Auth, 20, r => r.AuthRequest = message));

        Assert.Equal(message, response.AuthResponse);
    }

    [Fact]
    public void L18_recorded_answer_to_read_lac_opens()
    {
        var lac = Convert.FromHexString("00000001020304050000000000000004623992be");
        var last = Convert.FromHexString("0000000102030405000000000000000b00000000000000020000000000000014bf2b5a5168656c3131");

        Assert.Equal(new EntryId(4), LacPacket.Open(lac, Probe.Ledger, Probe.Digest, Probe.Bookie));
        Assert.Equal(new EntryId(2), PackagedEntry.Open(last, Probe.Ledger, EntryId.None, Probe.Digest, Probe.Bookie).Header.LastAddConfirmed);
    }

    [Theory, MemberData(nameof(Probes))]
    public void L18_recorded_status_means_the_same_here(string probe)
    {
        var status = (BookieStatus)Recorded.Statuses[probe];
        var message = new Response
        {
            Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = OperationType.AddEntry, TxnId = 7 },
            Status = (StatusCode)status,
            AddResponse = new() { Status = (StatusCode)status, LedgerId = 1, EntryId = 2 },
        };
        var decoded = V3Response.Decode(message.ToByteArray());

        Assert.Equal(status, decoded.Status);
        Assert.True(Enum.IsDefined(status));
        if (status != BookieStatus.Ok)
        {
            var error = BookieErrors.Of(status, isWrite: true, new LedgerId(1), new EntryId(2), Probe.Bookie);
            Assert.Contains("ledger 1, entry 2, bookie 127.0.0.1:3181", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Request_refused_outright_has_the_outer_status_and_nothing_else()
    {
        var response = V3Response.Decode(Convert.FromHexString("0a0608031003180710" + "9403"));

        Assert.Equal((BookieStatus.BadRequest, 7UL), (response.Status, response.Header.Transaction));
    }

    private static Request Of(OperationType operation, ulong transaction, Action<Request> fill)
    {
        var request = new Request { Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = operation, TxnId = transaction } };
        fill(request);
        return request;
    }

    private static Response Other(string probe, Request request)
    {
        Assert.Equal(Probe.Hex(Recorded.Sent(probe)), Probe.Hex(Probe.Written(b => V3Requests.Write(b, request))));
        var decoded = V3Request.Decode(Recorded.Sent(probe).AsMemory(4));
        Assert.Equal(request, decoded.Other);
        var received = Recorded.Received(probe);
        var response = V3Response.Decode(received);
        Assert.Equal((request.Header.TxnId, BookieStatus.Ok), (response.Header.Transaction, response.Status));
        Assert.Equal(Probe.Hex(received), Probe.Hex(Probe.Payload(b => V3Requests.Write(b, response.Other!))));
        return response.Other!;
    }
}

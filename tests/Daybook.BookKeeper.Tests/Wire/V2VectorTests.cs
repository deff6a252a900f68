using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Google.Protobuf;
using AddRequest = Daybook.BookKeeper.Wire.AddRequest;
using AddResponse = Daybook.BookKeeper.Wire.AddResponse;
using ReadRequest = Daybook.BookKeeper.Wire.ReadRequest;

namespace Daybook.BookKeeper.Tests.Wire;

/// <summary>L18: the v2 frames that real bookies took, and their answers, byte for byte.</summary>
public sealed class V2VectorTests
{
    private static readonly LedgerId s_ledger = Probe.LedgerOfV2;

    [Fact]
    public void L18_add_is_the_recorded_frame_and_its_answer_the_recorded_one()
    {
        var request = new AddRequest(s_ledger, new EntryId(0), Probe.Key, Probe.Packaged(s_ledger, 0, -1, 5, "hello"), AddOptions.None);
        var received = Recorded.Received("v2 ADD");
        var response = V2Responses.Decode(received).Add!.Value;

        Assert.Equal(Probe.Hex(Recorded.Sent("v2 ADD")), Probe.Hex(Probe.Written(b => V2Requests.WriteAdd(b, request))));
        Assert.Equal(new AddResponse(BookieStatus.Ok, s_ledger, new EntryId(0)), response);
        Assert.Equal(Probe.Hex(received), Probe.Hex(Probe.Payload(b => V2Responses.WriteAdd(b, response))));
    }

    [Fact]
    public void L18_read_is_the_recorded_frame_and_its_answer_opens()
    {
        var received = Recorded.Received("v2 READ 0");
        var response = V2Responses.Decode(received).Read!.Value;

        Assert.Equal(Probe.Hex(Recorded.Sent("v2 READ 0")), Probe.Hex(Probe.Written(b => V2Requests.WriteRead(b, new ReadRequest(s_ledger, new EntryId(0))))));
        Assert.Equal("hello"u8.ToArray(), PackagedEntry.Open(response.Body, s_ledger, new EntryId(0), Probe.Digest, Probe.Bookie).Payload.ToArray());
        Assert.Equal(Probe.Hex(received), Probe.Hex(Probe.Payload(b => V2Responses.WriteRead(b, response))));
    }

    [Fact]
    public void L18_fencing_read_is_the_recorded_frame() => Assert.Equal(
        Probe.Hex(Recorded.Sent("v2 READ -1 with fencing flag")),
        Probe.Hex(Probe.Written(b => V2Requests.WriteRead(b, new ReadRequest(s_ledger, EntryId.None, ReadOptions.Fence, Probe.Key)))));

    [Fact]
    public void L18_answer_without_the_entry_is_the_recorded_one()
    {
        var received = Recorded.Received("v2 READ missing entry");
        var response = V2Responses.Decode(received).Read!.Value;

        Assert.Equal((BookieStatus.NoEntry, new EntryId(77), 0), (response.Status, response.Entry, response.Body.Length));
        Assert.Equal(Probe.Hex(received), Probe.Hex(Probe.Payload(b => V2Responses.WriteRead(b, response))));
    }

    [Fact]
    public void L18_batch_read_is_the_recorded_frame()
    {
        var request = new BatchReadRequest(s_ledger, new EntryId(1), 424242, 3, 0);

        Assert.Equal(
            Probe.Hex(Recorded.Sent("v2 BATCH_READ start 1 maxCount 3 maxSize 0")), Probe.Hex(Probe.Written(b => V2Requests.WriteBatchRead(b, request))));
    }

    [Fact]
    public void L18_auth_has_the_recorded_header_and_comes_back()
    {
        var message = new AuthMessage { AuthPluginName = "AuthDisabledPlugin", Payload = ByteString.Empty };
        var payload = Probe.Payload(b => V2Requests.WriteAuth(b, message));

        Assert.Equal("02030000", Probe.Hex(payload.AsSpan(0, 4)));
        Assert.Equal(message, V2Responses.Decode(payload).Auth);
        Assert.Equal(message, V2Requests.Decode(payload).Auth);
    }

    [Theory]
    [InlineData(0, "Ok")]
    [InlineData(1, "NoLedger")]
    [InlineData(2, "NoEntry")]
    [InlineData(100, "BadRequest")]
    [InlineData(101, "IoError")]
    [InlineData(102, "Unauthorized")]
    [InlineData(103, "BadVersion")]
    [InlineData(104, "Fenced")]
    [InlineData(105, "ReadOnly")]
    [InlineData(106, "TooManyRequests")]
    [InlineData(107, "UnknownLedgerState")]
    public void L18_return_codes_are_those_of_v2(int code, string name)
    {
        var status = Enum.Parse<BookieStatus>(name);
        Assert.Equal(status, V2Status.Of(code));
        Assert.Equal(code, V2Status.CodeOf(status));
    }

    [Theory]
    [InlineData("02090000")]
    [InlineData("03010000")]
    [InlineData("0204")]
    public void Packet_of_another_version_or_operation_is_malformed(string packet)
    {
        Assert.Throws<MalformedFrameException>(() => V2Requests.Decode(Convert.FromHexString(packet)));
        Assert.Throws<MalformedFrameException>(() => V2Responses.Decode(Convert.FromHexString(packet)));
    }
}

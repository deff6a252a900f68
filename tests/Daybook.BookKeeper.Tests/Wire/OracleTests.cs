using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;
using Google.Protobuf;
using Proto = Daybook.BookKeeper.Wire.Proto;

namespace Daybook.BookKeeper.Tests.Wire;

/// <summary>What is written by hand is read by the generated code as it was meant, and the other way round.</summary>
public sealed class OracleTests
{
    private static readonly long[] s_ids = [0, 1, 127, 128, int.MaxValue, 1L << 40, long.MaxValue, -1];
    private static readonly int[] s_sizes = [0, 1, 127, 128, 20_000];
    private static readonly int[] s_readOptions = [0, 1, 2, 4, 5];
    private static readonly long?[] s_previous = [null, -1, 5];

    [Fact]
    public void Adds_round_trip_and_agree_with_generated_code()
    {
        foreach (var (id, size, options) in from id in s_ids from size in s_sizes from options in Enumerable.Range(0, 8) select (id, size, (AddOptions)options))
        {
            var body = new PackagedEntry(new byte[36], Enumerable.Repeat((byte)7, size).ToArray());
            var add = new AddRequest(new LedgerId(id), new EntryId(id), Probe.Key, body, options);
            var payload = Probe.Payload(b => V3Requests.WriteAdd(b, (ulong)id, add));
            var theirs = Proto.Request.Parser.ParseFrom(payload);
            var decoded = V3Request.Decode(payload);
            var rebuilt = V3Request.Decode(theirs.ToByteArray());

            Assert.Equal((id, id, (ulong)id), (theirs.AddRequest.LedgerId, theirs.AddRequest.EntryId, theirs.Header.TxnId));
            Assert.Equal([.. body.Head.Span, .. body.Payload.Span], theirs.AddRequest.Body.ToByteArray());
            Assert.Equal(options.HasFlag(AddOptions.Recovery), theirs.AddRequest.Flag == Proto.AddRequest.Types.Flag.RecoveryAdd && theirs.AddRequest.HasFlag);
            Assert.Equal(options.HasFlag(AddOptions.DeferredSync) ? 1 : 0, theirs.AddRequest.WriteFlags);
            Assert.Equal(options.HasFlag(AddOptions.HighPriority) ? 100u : 0, theirs.Header.Priority);
            Assert.Equal((options, add.Ledger), (decoded.Add!.Value.Options, decoded.Add.Value.Ledger));
            Assert.Equal((options, add.Ledger), (rebuilt.Add!.Value.Options, rebuilt.Add.Value.Ledger));
            Assert.Equal(theirs.AddRequest.Body.ToByteArray(), decoded.Add.Value.Body.Head.ToArray());
        }
    }

    [Fact]
    public void Reads_round_trip_and_agree_with_generated_code()
    {
        foreach (var (id, options, previous) in from id in s_ids from options in s_readOptions from previous in s_previous select (id, options, previous))
        {
            var fences = ((ReadOptions)options).HasFlag(ReadOptions.Fence);
            var read = new ReadRequest(
                new LedgerId(id), new EntryId(id), (ReadOptions)options, fences ? Probe.Key : default, previous is { } p ? new EntryId(p) : null, previous);
            var payload = Probe.Payload(b => V3Requests.WriteRead(b, 9, read));
            var theirs = Proto.Request.Parser.ParseFrom(payload);
            var decoded = V3Request.Decode(theirs.ToByteArray()).Read!.Value;

            Assert.Equal(payload, theirs.ToByteArray());
            Assert.Equal(read with { MasterKey = default }, decoded with { MasterKey = default });
            Assert.Equal(read.MasterKey.ToArray(), decoded.MasterKey.ToArray());
        }
    }

    [Fact]
    public void Answers_round_trip_and_agree_with_generated_code()
    {
        var answers = Enum.GetValues<BookieStatus>().Where(status => status >= BookieStatus.Ok).ToList();
        foreach (var (id, size, status) in from id in s_ids from size in s_sizes from status in answers select (id, size, status))
        {
            var read = new ReadResponse(status, new LedgerId(id), new EntryId(id), new byte[size], size == 1 ? null : new EntryId(id), size == 0 ? null : id);
            var header = new V3Header(Proto.OperationType.ReadEntry, 77);
            var payload = Probe.Payload(b => V3Responses.WriteRead(b, header, read));
            var decoded = V3Response.Decode(payload);

            Assert.Equal(payload, Proto.Response.Parser.ParseFrom(payload).ToByteArray());
            Assert.Equal((status, read with { Body = default }), (decoded.Status, decoded.Read!.Value with { Body = default }));
            Assert.Equal(size, decoded.Read.Value.Body.Length);
            var packet = V2Responses.Decode(Probe.Payload(b => V2Responses.WriteRead(b, read))).Read!.Value;
            Assert.Equal((status, read.Ledger, read.Entry, size), (packet.Status, packet.Ledger, packet.Entry, packet.Body.Length));
        }
    }

    [Fact]
    public void V2_requests_and_batches_round_trip()
    {
        var body = Probe.Packaged(new LedgerId(7), 3, 2, 40, "payload");
        var add = new AddRequest(new LedgerId(7), new EntryId(3), Probe.Key, body, AddOptions.Recovery | AddOptions.HighPriority);
        var decoded = V2Requests.Decode(Probe.Payload(b => V2Requests.WriteAdd(b, add))).Add!.Value;
        var read = new ReadRequest(new LedgerId(7), new EntryId(3), ReadOptions.Fence | ReadOptions.HighPriority, Probe.Key);
        var batch = new BatchReadRequest(new LedgerId(7), new EntryId(3), 11, 5, 1000, Probe.Key);
        var answer = new BatchReadResponse(BookieStatus.Ok, new LedgerId(7), new EntryId(3), 11, [body.Head, new byte[40]]);
        var answered = V2Responses.Decode(Probe.Payload(b => V2Responses.WriteBatchRead(b, answer))).BatchRead!;

        Assert.Equal((add.Ledger, add.Entry, add.Options, body.Length), (decoded.Ledger, decoded.Entry, decoded.Options, decoded.Body.Length));
        Assert.Equal(read.Options, V2Requests.Decode(Probe.Payload(b => V2Requests.WriteRead(b, read))).Read!.Value.Options);
        var asked = V2Requests.Decode(Probe.Payload(b => V2Requests.WriteBatchRead(b, batch))).BatchRead!.Value;
        Assert.Equal(batch with { FencingKey = default }, asked with { FencingKey = default });
        Assert.Equal(Probe.Key, asked.FencingKey.ToArray());
        Assert.Equal([.. answer.Entries.Select(e => e.ToArray())], answered.Entries.Select(e => e.ToArray()));
        Assert.Equal(11, answered.Request);
    }
}

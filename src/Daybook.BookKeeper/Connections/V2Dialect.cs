using System.Buffers;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V2;

namespace Daybook.BookKeeper.Connections;

/// <summary>The v2 protocol: adds, reads and batch reads. An answer to a single add or read is known by its ledger and entry alone.</summary>
internal sealed class V2Dialect : IDialect
{
    /// <summary>True for what v2 can express.</summary>
    public static bool Speaks(in Outgoing request) => request.Operation switch
    {
        BookieOperation.Add => (request.Add.Options & AddOptions.DeferredSync) == 0,
        BookieOperation.Read => (request.Read.Options & ReadOptions.Piggyback) == 0,
        BookieOperation.BatchRead => true,
        _ => false,
    };

    public RequestKey KeyOf(in Outgoing request) => request.Message is BatchReadRequest batch
        ? new RequestKey(BookieOperation.BatchRead, batch.Request, 0)
        : new RequestKey(request.Operation, request.Pending.Ledger.Value, request.Pending.Entry.Value);

    public void Write(IBufferWriter<byte> output, in RequestKey key, in Outgoing request)
    {
        if (request.Message is BatchReadRequest batch)
            V2Requests.WriteBatchRead(output, batch);
        else if (request.Operation == BookieOperation.Add)
            V2Requests.WriteAdd(output, request.Add);
        else
            V2Requests.WriteRead(output, request.Read);
    }

    public Answer Read(ReadOnlyMemory<byte> frame, bool isOwned)
    {
        // The entries of a batch are kept together; those of the other answers are few or none.
        var isBatch = frame.Length >= V2Header.Size && V2Header.Read(frame.Span).Operation == V2Operation.BatchRead;
        return V2Responses.Decode(isBatch ? Bodies.Kept(frame, isOwned) : frame) switch
        {
            { Add: { } add } => new Answer(new RequestKey(BookieOperation.Add, add.Ledger.Value, add.Entry.Value), add.Status, add.Ledger, add.Entry),
            { Read: { } read } => new Answer(new RequestKey(BookieOperation.Read, read.Ledger.Value, read.Entry.Value), read.Status, read.Ledger, read.Entry)
            {
                Read = read with { Body = read.Status == BookieStatus.Ok ? Bodies.Kept(read.Body, isOwned) : default },
            },
            { BatchRead: { } batch } => OfBatch(batch),
            _ => throw new MalformedFrameException("An answer to AUTH comes unasked."),
        };
    }

    private static Answer OfBatch(BatchReadResponse batch)
    {
        if (batch.Status == BookieStatus.Ok && batch.Entries.Count == 0)
            throw new MalformedFrameException("A good answer to a batch read is empty.");
        return new Answer(new RequestKey(BookieOperation.BatchRead, batch.Request, 0), batch.Status, batch.Ledger, batch.First)
        {
            Content = batch.Status == BookieStatus.Ok ? batch : null,
        };
    }
}

using System.Buffers;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V3;
using ReadResponse = Daybook.BookKeeper.Wire.ReadResponse;

namespace Daybook.BookKeeper.Connections;

/// <summary>The v3 protocol: everything. Transactions count from 1 on each connection.</summary>
internal sealed class V3Dialect : IDialect
{
    private long _transaction;

    public RequestKey KeyOf(in Outgoing request) =>
        new(request.Operation == BookieOperation.LongPoll ? BookieOperation.Read : request.Operation, ++_transaction, 0);

    public void Write(IBufferWriter<byte> output, in RequestKey key, in Outgoing request)
    {
        switch (key.Operation)
        {
            case BookieOperation.Add:
                V3Requests.WriteAdd(output, (ulong)key.First, request.Add);
                break;
            case BookieOperation.Read:
                V3Requests.WriteRead(output, (ulong)key.First, request.Read);
                break;
            default:
                var message = (Request)request.Message!;
                message.Header = new BKPacketHeader
                {
                    Version = ProtocolVersion.VersionThree,
                    Operation = OnWire(key.Operation),
                    TxnId = (ulong)key.First,
                };
                V3Requests.Write(output, message);
                break;
        }
    }

    public Answer Read(ReadOnlyMemory<byte> frame, bool isOwned)
    {
        var response = V3Response.Decode(frame);
        var status = Known(response.Status);
        var key = new RequestKey(OfWire(response.Header.Operation), (long)response.Header.Transaction, 0);
        return key.Operation switch
        {
            BookieOperation.Add => new Answer(key, status, response.Add?.Ledger, response.Add?.Entry),
            BookieOperation.Read => new Answer(key, status, response.Read?.Ledger, response.Read?.Entry) { Read = Kept(response, status, isOwned) },
            _ => OfOther(key, status, response.Other!),
        };
    }

    private static ReadResponse Kept(in V3Response response, BookieStatus status, bool isOwned)
    {
        var read = response.Read.GetValueOrDefault();
        return read with { Status = status, Body = status == BookieStatus.Ok ? Bodies.Kept(read.Body, isOwned) : default };
    }

    private static Answer OfOther(RequestKey key, BookieStatus status, Response response)
    {
        long? ledger = key.Operation switch
        {
            BookieOperation.WriteLac => response.WriteLacResponse?.LedgerId,
            BookieOperation.ReadLac => response.ReadLacResponse?.LedgerId,
            BookieOperation.Force => response.ForceLedgerResponse?.LedgerId,
            BookieOperation.List => response.GetListOfEntriesOfLedgerResponse?.LedgerId,
            _ => null,
        };
        return new Answer(key, status, ledger is { } id ? new LedgerId(id) : null) { Content = status == BookieStatus.Ok ? Content(key, response) : null };
    }

    private static object Content(RequestKey key, Response response) => key.Operation == BookieOperation.List
        ? EntryListing.Decode(response.GetListOfEntriesOfLedgerResponse.AvailabilityOfEntriesOfLedger.Span)
        : response;

    /// <summary>A status of bookies that are newer than this means at least that it did not work; one below zero is ours to give.</summary>
    private static BookieStatus Known(BookieStatus status) => status switch
    {
        < 0 => throw new MalformedFrameException($"An answer has the status {(int)status}."),
        BookieStatus.Ok or BookieStatus.NoLedger or BookieStatus.NoEntry or BookieStatus.BadRequest or BookieStatus.IoError or BookieStatus.Unauthorized
            or BookieStatus.BadVersion or BookieStatus.Fenced or BookieStatus.ReadOnly or BookieStatus.TooManyRequests
            or BookieStatus.UnknownLedgerState => status,
        _ => BookieStatus.IoError,
    };

    private static OperationType OnWire(BookieOperation operation) => operation switch
    {
        BookieOperation.WriteLac => OperationType.WriteLac,
        BookieOperation.ReadLac => OperationType.ReadLac,
        BookieOperation.Force => OperationType.ForceLedger,
        BookieOperation.List => OperationType.GetListOfEntriesOfLedger,
        BookieOperation.Info => OperationType.GetBookieInfo,
        _ => throw new InvalidOperationException($"{operation} is no request of v3."),
    };

    private static BookieOperation OfWire(OperationType operation) => operation switch
    {
        OperationType.AddEntry => BookieOperation.Add,
        OperationType.ReadEntry => BookieOperation.Read,
        OperationType.WriteLac => BookieOperation.WriteLac,
        OperationType.ReadLac => BookieOperation.ReadLac,
        OperationType.ForceLedger => BookieOperation.Force,
        OperationType.GetListOfEntriesOfLedger => BookieOperation.List,
        OperationType.GetBookieInfo => BookieOperation.Info,
        _ => throw new MalformedFrameException($"An answer to {operation} comes unasked."),
    };
}

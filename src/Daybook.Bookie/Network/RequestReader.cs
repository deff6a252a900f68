using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;
using Daybook.Bookie.Serving;

namespace Daybook.Bookie.Network;

/// <summary>
/// Turns the frames of one connection into calls. The first frame that is not a v3 message switches the connection to v2 permanently; after
/// that, a v3 message ends it.
/// </summary>
internal sealed class RequestReader(LedgerService service, Output output)
{
    private const long TotalCapacity = 1;
    private const long FreeSpace = 2;
    private const string AuthDisabled = "AuthDisabledPlugin";

    private bool _isV2;

    /// <exception cref="MalformedFrameException">The connection must be closed.</exception>
    public void Handle(ReadOnlyMemory<byte> frame)
    {
        if (!_isV2 && TryReadV3(frame) is { } request)
            HandleV3(request);
        else
            HandleV2(V2Requests.Decode(frame));
    }

    private V3Request? TryReadV3(ReadOnlyMemory<byte> frame)
    {
        try
        {
            return V3Request.Decode(frame);
        }
        catch (MalformedFrameException)
        {
            _isV2 = true;
            return null;
        }
    }

    private void HandleV2(in V2Request request)
    {
        var caller = new Caller(output, default, IsV2: true);
        if (request.Add is { } add)
            service.Add(caller, add);
        else if (request.Read is { } read)
            service.Read(caller, read);
        else if (request.BatchRead is { } batch)
            service.BatchRead(caller, batch, isFencing: !batch.FencingKey.IsEmpty);
        else
            caller.Authenticated(NoAuthentication);
    }

    private void HandleV3(in V3Request request)
    {
        var caller = new Caller(output, request.Header, IsV2: false);
        var isVersionKnown = request.Header.Version == (int)ProtocolVersion.VersionThree;
        if (request.Add is { } add)
        {
            if (isVersionKnown)
                service.Add(caller, add);
            else
                caller.Added(BookieStatus.BadVersion, add.Ledger, add.Entry);
        }
        else if (request.Read is { } read)
        {
            if (isVersionKnown)
                service.Read(caller, read);
            else
                caller.Read(new BookKeeper.Wire.ReadResponse(BookieStatus.BadVersion, read.Ledger, read.Entry));
        }
        else if (isVersionKnown)
            HandleOther(caller, request.Other!);
        else
            caller.Other(BookieStatus.BadVersion);
    }

    private void HandleOther(Caller caller, Request request)
    {
        switch (caller.Header.Operation)
        {
            case OperationType.Auth when request.AuthRequest is not null:
                caller.Authenticated(NoAuthentication);
                break;
            case OperationType.WriteLac when request.WriteLacRequest is { } write:
                WriteLac(caller, write);
                break;
            case OperationType.ReadLac when request.ReadLacRequest is { } read:
                ReadLac(caller, read.LedgerId);
                break;
            case OperationType.ForceLedger when request.ForceLedgerRequest is { } force:
                service.Force(status => caller.Other(status, response =>
                    response.ForceLedgerResponse = new ForceLedgerResponse { Status = (StatusCode)status, LedgerId = force.LedgerId }));
                break;
            case OperationType.GetBookieInfo when request.GetBookieInfoRequest is { } info:
                TellInfo(caller, info.Requested);
                break;
            case OperationType.GetListOfEntriesOfLedger when request.GetListOfEntriesOfLedgerRequest is { } list:
                List(caller, list.LedgerId);
                break;
            default:
                caller.Other(BookieStatus.BadRequest);
                break;
        }
    }

    private void WriteLac(Caller caller, WriteLacRequest write) =>
        service.WriteLac(write.MasterKey.Span, write.Body.Span, status => caller.Other(status, response =>
            response.WriteLacResponse = new WriteLacResponse { Status = (StatusCode)status, LedgerId = write.LedgerId }));

    private void ReadLac(Caller caller, long ledger) => service.ReadLac(new LedgerId(ledger), (status, lac, last) =>
        caller.Other(status, response =>
        {
            var body = response.ReadLacResponse = new ReadLacResponse { Status = (StatusCode)status, LedgerId = ledger };
            if (lac is not null)
                body.LacBody = Google.Protobuf.ByteString.CopyFrom(lac);
            if (!last.IsEmpty)
                body.LastEntryBody = Google.Protobuf.ByteString.CopyFrom(last.Span);
        }));

    private void TellInfo(Caller caller, long requested) => caller.Other(BookieStatus.Ok, response =>
    {
        var (total, free) = service.Disk();
        var info = response.GetBookieInfoResponse = new GetBookieInfoResponse { Status = StatusCode.Eok };
        if ((requested & TotalCapacity) != 0)
            info.TotalDiskCapacity = total;
        if ((requested & FreeSpace) != 0)
            info.FreeDiskSpace = free;
    });

    private void List(Caller caller, long ledger)
    {
        var (status, listing) = service.List(new LedgerId(ledger));
        caller.Other(status, response =>
        {
            var body = response.GetListOfEntriesOfLedgerResponse =
                new GetListOfEntriesOfLedgerResponse { Status = (StatusCode)status, LedgerId = ledger };
            if (status == BookieStatus.Ok)
                body.AvailabilityOfEntriesOfLedger = Google.Protobuf.ByteString.CopyFrom(listing);
        });
    }

    private static AuthMessage NoAuthentication => new() { AuthPluginName = AuthDisabled, Payload = Google.Protobuf.ByteString.Empty };
}

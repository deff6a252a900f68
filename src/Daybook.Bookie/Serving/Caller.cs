using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;
using Daybook.Bookie.Network;
using AddResponse = Daybook.BookKeeper.Wire.AddResponse;
using ReadResponse = Daybook.BookKeeper.Wire.ReadResponse;

namespace Daybook.Bookie.Serving;

/// <summary>Who asked, and how the answer is to look. The gate of the service is held when it is answered.</summary>
/// <param name="Output">Where the answer goes.</param>
/// <param name="Header">The header of a v3 request; the default for v2.</param>
/// <param name="IsV2">Which protocol.</param>
internal readonly record struct Caller(Output Output, V3Header Header, bool IsV2)
{
    public void Added(BookieStatus status, LedgerId ledger, EntryId entry)
    {
        var response = new AddResponse(status, ledger, entry);
        lock (Output.Gate)
        {
            if (IsV2)
                V2Responses.WriteAdd(Output, response);
            else
                V3Responses.WriteAdd(Output, Header, response);
        }
        Output.Touch();
    }

    public void Read(in ReadResponse response)
    {
        lock (Output.Gate)
        {
            if (IsV2)
                V2Responses.WriteRead(Output, response);
            else
                V3Responses.WriteRead(Output, Header, response);
        }
        Output.Touch();
    }

    public void BatchRead(BatchReadResponse response)
    {
        lock (Output.Gate)
            V2Responses.WriteBatchRead(Output, response);
        Output.Touch();
    }

    /// <summary>Answers what is neither an add nor a read.</summary>
    /// <param name="status">The outer status.</param>
    /// <param name="fill">Sets the part that the operation asks for; null when there is none.</param>
    public void Other(BookieStatus status, Action<Response>? fill = null)
    {
        var response = new Response
        {
            Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = Header.Operation, TxnId = Header.Transaction },
            Status = (StatusCode)status,
        };
        fill?.Invoke(response);
        lock (Output.Gate)
            V3Requests.Write(Output, response);
        Output.Touch();
    }

    public void Authenticated(AuthMessage message)
    {
        if (!IsV2)
        {
            Other(BookieStatus.Ok, response => response.AuthResponse = message);
            return;
        }
        lock (Output.Gate)
            V2Requests.WriteAuth(Output, message);
        Output.Touch();
    }
}

/// <summary>An answer that waits for a block: to an add, or whatever <paramref name="Then"/> does.</summary>
/// <param name="Caller">Who added.</param>
/// <param name="Ledger">As the request said.</param>
/// <param name="Entry">As the request said.</param>
/// <param name="Then">Called instead with whether the block is durable; null for an add.</param>
internal readonly record struct PendingReply(Caller Caller, LedgerId Ledger, EntryId Entry, Action<bool>? Then = null)
{
    public void Say(bool isDurable)
    {
        if (Then is not null)
            Then(isDurable);
        else
            Caller.Added(isDurable ? BookieStatus.Ok : BookieStatus.IoError, Ledger, Entry);
    }
}

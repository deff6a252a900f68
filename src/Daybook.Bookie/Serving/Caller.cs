using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;
using Daybook.Bookie.Network;
using AddResponse = Daybook.BookKeeper.Wire.AddResponse;
using ReadResponse = Daybook.BookKeeper.Wire.ReadResponse;

namespace Daybook.Bookie.Serving;

/// <summary>The sender of a request, and the form of its answer. Answer it with the mutex of the service held.</summary>
/// <param name="Output">The output that the answer is written to.</param>
/// <param name="Header">The header of a v3 request; the default for v2.</param>
/// <param name="IsV2">Whether the protocol is v2.</param>
internal readonly record struct Caller(Output Output, V3Header Header, bool IsV2)
{
    public void Added(BookieStatus status, LedgerId ledger, EntryId entry)
    {
        var response = new AddResponse(status, ledger, entry);
        lock (Output.Mutex)
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
        lock (Output.Mutex)
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
        lock (Output.Mutex)
            V2Responses.WriteBatchRead(Output, response);
        Output.Touch();
    }

    /// <summary>Answers a request that is neither an add nor a read.</summary>
    /// <param name="status">The outer status.</param>
    /// <param name="fill">Sets the operation's part of the response; null when there is none.</param>
    public void Other(BookieStatus status, Action<Response>? fill = null)
    {
        var response = new Response
        {
            Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = Header.Operation, TxnId = Header.Transaction },
            Status = (StatusCode)status,
        };
        fill?.Invoke(response);
        lock (Output.Mutex)
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
        lock (Output.Mutex)
            V2Requests.WriteAuth(Output, message);
        Output.Touch();
    }
}

/// <summary>An action that waits for a block: the answer to an add, or <paramref name="Then"/>.</summary>
/// <param name="Caller">The sender of the add.</param>
/// <param name="Ledger">The ledger of the request.</param>
/// <param name="Entry">The entry of the request.</param>
/// <param name="Then">Called instead with whether the block is durable; null for an add.</param>
internal readonly record struct PendingReply(Caller Caller, LedgerId Ledger, EntryId Entry, Action<bool>? Then = null)
{
    public void Complete(bool isDurable)
    {
        if (Then is not null)
            Then(isDurable);
        else
            Caller.Added(isDurable ? BookieStatus.Ok : BookieStatus.IoError, Ledger, Entry);
    }
}

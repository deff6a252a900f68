using System.Buffers.Binary;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Storage;

namespace Daybook.Bookie.Serving;

internal sealed partial class LedgerService
{
    private const int LacBodySize = 16;

    /// <summary>Adds an entry. The bookie does not verify the body; the answer repeats the ids of the request.</summary>
    public void Add(in Caller caller, in AddRequest request)
    {
        var status = TryAdd(request);
        if (status != BookieStatus.Ok)
        {
            caller.Added(status, request.Ledger, request.Entry);
            return;
        }
        var isDeferred = (request.Options & AddOptions.DeferredSync) != 0;
        if (isDeferred)
            caller.Added(BookieStatus.Ok, request.Ledger, request.Entry);
        _log.AnswerAdd(new PendingReply(caller, request.Ledger, request.Entry, isDeferred ? static _ => { } : null), request.Body.Length);
    }

    /// <summary>Sets the explicit LAC, even of a fenced ledger.</summary>
    public void WriteLac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, Action<BookieStatus> answer)
    {
        if (body.Length < LacBodySize || BinaryPrimitives.ReadInt64BigEndian(body) < 0)
        {
            answer(BookieStatus.BadRequest);
            return;
        }
        var (ledger, status) = Open(new LedgerId(BinaryPrimitives.ReadInt64BigEndian(body)), key);
        if (ledger is null)
        {
            answer(status);
            return;
        }
        var before = ledger.Lac;
        if (ledger.ExplicitLac is not { } known || BinaryPrimitives.ReadInt64BigEndian(body[8..]) >= BinaryPrimitives.ReadInt64BigEndian(known.AsSpan(8)))
            _log.Append(RecordKind.ExplicitLac, ledger.Id, ledger.Generation, default, body);
        _log.WhenAllDurable(isDurable => answer(isDurable ? BookieStatus.Ok : BookieStatus.IoError));
        if (ledger.Lac > before)
            Answer(_polls.TakeWoken(ledger.Id, ledger.Lac));
    }

    /// <summary>Answers when everything accepted before is durable.</summary>
    public void Force(Action<BookieStatus> answer) =>
        _log.WhenAllDurable(isDurable => answer(isDurable && Failure is null ? BookieStatus.Ok : BookieStatus.IoError));

    /// <summary>Fences a ledger, creating it if necessary, and continues when the fence is durable (S2).</summary>
    private void Fence(LedgerId id, ReadOnlySpan<byte> key, Action<BookieStatus> then)
    {
        if (key.IsEmpty)
        {
            then(BookieStatus.Unauthorized);
            return;
        }
        if (id.Value < 0)
        {
            then(BookieStatus.BadRequest);
            return;
        }
        var ledger = Table.Find(id);
        if (ledger is not { IsFenced: true } || !key.SequenceEqual(ledger.Key))
        {
            (ledger, var status) = Open(id, key);
            if (ledger is null)
            {
                then(status);
                return;
            }
            _log.Append(RecordKind.Fence, id, ledger.Generation, default, []);
        }
        _log.WhenDurable(ledger.FencedIn, isDurable => then(isDurable ? BookieStatus.Ok : BookieStatus.IoError));
    }

    /// <summary>Removes a deleted ledger; the removal becomes durable later.</summary>
    public void Delete(HeldLedger ledger)
    {
        if (Failure is not null || !ReferenceEquals(Table.Find(ledger.Id), ledger))
            return;
        _log.Append(RecordKind.Deletion, ledger.Id, ledger.Generation, default, []);
        Answer(_polls.TakeAll(ledger.Id));
    }

    private BookieStatus TryAdd(in AddRequest request)
    {
        var body = request.Body.Head.Span;
        if (body.Length < EntryHeader.Size)
            return BookieStatus.BadRequest;
        var header = EntryHeader.Read(body);
        if (header.Ledger.Value < 0 || header.Entry.Value < 0)
            return BookieStatus.BadRequest;
        if (Failure is null && IsReadOnly && (request.Options & AddOptions.HighPriority) == 0)
            return BookieStatus.ReadOnly;
        if (_log.IsFull)
            return BookieStatus.TooManyRequests;
        var (ledger, status) = Open(header.Ledger, request.MasterKey.Span);
        if (ledger is null)
            return status;
        if (ledger.IsFenced && (request.Options & AddOptions.Recovery) == 0)
            return BookieStatus.Fenced;
        var before = ledger.Lac;
        _log.Append(RecordKind.Entry, ledger.Id, ledger.Generation, header.Entry, body);
        if (ledger.Lac > before)
            Answer(_polls.TakeWoken(ledger.Id, ledger.Lac));
        return BookieStatus.Ok;
    }

    /// <summary>The ledger for a writer; the first writer binds the master key.</summary>
    private (HeldLedger? Ledger, BookieStatus Status) Open(LedgerId id, ReadOnlySpan<byte> key)
    {
        if (Failure is not null)
            return (null, BookieStatus.IoError);
        if (Table.Find(id) is not { } ledger)
        {
            _log.Append(RecordKind.Ledger, id, Table.Generation, default, key);
            ledger = Table.Find(id)!;
        }
        return key.SequenceEqual(ledger.Key) ? (ledger, BookieStatus.Ok) : (null, BookieStatus.Unauthorized);
    }
}

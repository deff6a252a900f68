using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Tests.Recovering;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Model;

/// <summary>Mistakes that one of the pieces could make, made for it between it and its bookies and metadata.</summary>
public enum Flaw
{
    None,

    WriterIgnoresFences,

    WriterCountsFailures,

    WriterReopensWhatIsRecovered,

    WriterClosesBehindItsEnd,

    WriterClosesOverOthers,

    /// <summary>The defect of issue 2614.</summary>
    RecoveryReadsDoNotFence,

    RecoveryTakesSilenceForAbsence,

    RecoveryEndsAtTheLac,

    RecoveryTrustsDamage,

    RecoveryClosesOverOthers,

    ReaderTrustsDamage,

    ReaderBelievesTooMuch,
}

/// <summary>What the pieces work on, as their flaws make it look.</summary>
internal static class Flawed
{
    public static IBookies Bookies(IBookies bookies, Flaw flaw, Piece piece, EntryDigest digest) => (piece, flaw) switch
    {
        (Piece.Writer, Flaw.WriterIgnoresFences) => new TamperedBookies(bookies) { OnAdded = status => status == BookieStatus.Fenced ? BookieStatus.Ok : status },
        (Piece.Writer, Flaw.WriterCountsFailures) => new TamperedBookies(bookies) { OnAdded = status => status < BookieStatus.Ok ? BookieStatus.Ok : status },
        (Piece.Recovery, Flaw.RecoveryReadsDoNotFence) =>
            new TamperedBookies(bookies) { OnRead = request => request.Entry != EntryId.None ? Mutations.Unfenced(request) : request },
        (Piece.Recovery, Flaw.RecoveryTakesSilenceForAbsence) => new TamperedBookies(bookies) { OnReadAnswer = (_, response) => Mutations.SilenceDenies(response) },
        (Piece.Recovery, Flaw.RecoveryEndsAtTheLac) => new TamperedBookies(bookies)
        {
            OnReadAnswer = (asked, response) => asked == EntryId.None ? response : new ReadResponse(BookieStatus.NoEntry, response.Ledger, asked),
        },
        (Piece.Recovery, Flaw.RecoveryTrustsDamage) or (Piece.Reader, Flaw.ReaderTrustsDamage) =>
            new TamperedBookies(bookies) { OnReadAnswer = (_, response) => Trusted(response, digest) },
        (Piece.Reader, Flaw.ReaderBelievesTooMuch) => new TamperedBookies(bookies)
        {
            OnLac = (ledger, answer) => answer.Status != BookieStatus.Ok
                ? answer
                : answer with { Lac = LacPacket.Seal(ledger, LacDigests.Of(answer, ledger, digest, new BookieId("any")).Next, digest) },
        },
        _ => bookies,
    };

    public static ILedgerMetadataStore Metadata(ILedgerMetadataStore metadata, Flaw flaw, Piece piece) => (piece, flaw) switch
    {
        (Piece.Writer, Flaw.WriterReopensWhatIsRecovered) => new TamperedMetadata(metadata) { IsBlind = written => written.State == LedgerState.Open },
        (Piece.Writer, Flaw.WriterClosesBehindItsEnd) => new TamperedMetadata(metadata)
        {
            OnWrite = written => written.State == LedgerState.Closed ? written with { LastEntry = written.LastEntry.Next } : written,
        },
        (Piece.Writer, Flaw.WriterClosesOverOthers) or (Piece.Recovery, Flaw.RecoveryClosesOverOthers) =>
            new TamperedMetadata(metadata) { IsBlind = written => written.State == LedgerState.Closed },
        _ => metadata,
    };

    /// <summary>An answer whose LAC and payload were damaged on the way.</summary>
    public static ReadResponse Damaged(ReadResponse response)
    {
        var body = response.Body.ToArray();
        var header = EntryHeader.Read(body);
        (header with { LastAddConfirmed = new EntryId(header.LastAddConfirmed.Value + 2) }).Write(body);
        body[^1] ^= 1;
        return response with { Body = body };
    }

    private static ReadResponse Trusted(ReadResponse response, EntryDigest digest)
    {
        if (response.Body.IsEmpty)
            return response;
        var sealedAnew = PackagedEntry.Seal(EntryHeader.Read(response.Body.Span), response.Body[(EntryHeader.Size + digest.Size)..], digest);
        return response with { Body = (byte[])[.. sealedAnew.Head.Span, .. sealedAnew.Payload.Span] };
    }
}

/// <summary>The actor.</summary>
internal enum Piece
{
    Writer,
    Recovery,
    Reader,
}

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>The return codes of v2, and what they are called elsewhere.</summary>
internal static class V2Status
{
    public static BookieStatus Of(int returnCode) => returnCode switch
    {
        0 => BookieStatus.Ok,
        1 => BookieStatus.NoLedger,
        2 => BookieStatus.NoEntry,
        100 => BookieStatus.BadRequest,
        101 => BookieStatus.IoError,
        102 => BookieStatus.Unauthorized,
        103 => BookieStatus.BadVersion,
        104 => BookieStatus.Fenced,
        105 => BookieStatus.ReadOnly,
        106 => BookieStatus.TooManyRequests,
        107 => BookieStatus.UnknownLedgerState,
        _ => throw new MalformedFrameException($"A packet has the return code {returnCode}."),
    };

    public static int CodeOf(BookieStatus status) => status switch
    {
        BookieStatus.Ok => 0,
        BookieStatus.NoLedger => 1,
        BookieStatus.NoEntry => 2,
        BookieStatus.BadRequest => 100,
        BookieStatus.Unauthorized => 102,
        BookieStatus.BadVersion => 103,
        BookieStatus.Fenced => 104,
        BookieStatus.ReadOnly => 105,
        BookieStatus.TooManyRequests => 106,
        BookieStatus.UnknownLedgerState => 107,
        _ => 101,
    };
}

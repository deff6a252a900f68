namespace Daybook.BookKeeper.Wire;

/// <summary>What a bookie answers, by the numbers of the v3 protocol.</summary>
internal enum BookieStatus
{
    Ok = 0,
    NoLedger = 402,
    NoEntry = 403,
    BadRequest = 404,
    IoError = 501,
    Unauthorized = 502,
    BadVersion = 503,
    Fenced = 504,
    ReadOnly = 505,
    TooManyRequests = 506,
    UnknownLedgerState = 507,
}

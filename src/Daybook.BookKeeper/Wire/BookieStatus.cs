namespace Daybook.BookKeeper.Wire;

/// <summary>What a bookie answers, by the numbers of the v3 protocol; below zero, why it did not. After one of these a write may have been carried out,
/// and nothing is known of what a read asked for.</summary>
internal enum BookieStatus
{
    /// <summary>No connection could be made, or it broke before the answer.</summary>
    Unreachable = -1,

    /// <summary>No answer in time.</summary>
    TimedOut = -2,

    /// <summary>The bookie sent a malformed answer to this request; the connection was closed.</summary>
    Malformed = -3,

    /// <summary>More bytes wait for this bookie than are allowed. Nothing was sent.</summary>
    Congested = -4,

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

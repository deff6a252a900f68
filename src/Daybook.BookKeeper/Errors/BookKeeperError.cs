namespace Daybook.BookKeeper;

/// <summary>What went wrong, by the numbers of BookKeeper's own clients.</summary>
public enum BookKeeperError
{
    /// <summary>A read failed on a bookie in a way of its own.</summary>
    ReadFailed = -1,

    /// <summary>The entry's digest, or the ledger's digest type, is not the expected one: damaged bytes, or the wrong password.</summary>
    DigestMismatch = -5,

    /// <summary>Fewer bookies are usable than the ledger's quorums need.</summary>
    NotEnoughBookies = -6,

    /// <summary>The bookie has never seen the ledger.</summary>
    NoSuchLedger = -7,

    /// <summary>The bookie could not be reached, or the connection broke. A write may have been carried out.</summary>
    BookieUnavailable = -8,

    /// <summary>The ledger is closed.</summary>
    LedgerClosed = -11,

    /// <summary>A write failed on a bookie in a way of its own. It may have been carried out.</summary>
    WriteFailed = -12,

    /// <summary>No bookie of the write set has the entry.</summary>
    NoSuchEntry = -13,

    /// <summary>An argument is not acceptable; nothing was sent.</summary>
    IncorrectParameter = -14,

    /// <summary>A bookie does not speak the version of the protocol that was asked of it.</summary>
    ProtocolVersion = -16,

    /// <summary>The ledger's metadata were changed by somebody else.</summary>
    MetadataVersion = -17,

    /// <summary>A ledger of that id exists already, created by somebody else.</summary>
    LedgerExists = -20,

    /// <summary>No answer in time. A write may have been carried out.</summary>
    Timeout = -23,

    /// <summary>ZooKeeper holds no metadata of that ledger: it never existed, or was deleted.</summary>
    NoSuchLedgerMetadata = -25,

    /// <summary>A recovering client fenced the ledger; its writer must stop.</summary>
    LedgerFenced = -101,

    /// <summary>The password is wrong, or the connection is not authenticated.</summary>
    Unauthorized = -102,

    /// <summary>The bookie takes no writes.</summary>
    ReadOnly = -104,

    /// <summary>Too many requests wait on the bookie. Nothing was written by this one.</summary>
    TooManyRequests = -105,

    /// <summary>The bookie has lost what it knew of the ledger; its denial of an entry means nothing.</summary>
    UnknownLedgerState = -108,

    /// <summary>The metadata in ZooKeeper are of an unknown version, or do not make sense. Daybook's own number.</summary>
    BadMetadata = -1001,

    /// <summary>A bookie sent bytes that are no answer, or an answer to something else. Daybook's own number.</summary>
    ProtocolViolation = -1002,

    /// <summary>ZooKeeper could not be reached or did not answer. A write of metadata may have been carried out. Daybook's own number.</summary>
    MetadataUnavailable = -1003,

    /// <summary>The client or the handle was closed by its user. Daybook's own number.</summary>
    Closed = -1004,

    /// <summary>No bookie that has what was asked for could be reached; reading again may succeed. Daybook's own number.</summary>
    EntryUnavailable = -1005,

    /// <summary>The writer failed before, for a reason that may pass, and takes nothing more: recover the ledger and go on in a new one.
    /// Daybook's own number.</summary>
    WriterFailed = -1006,
}

namespace Daybook;

/// <summary>What went wrong, for code that distinguishes errors. Never renumbered.</summary>
public enum ErrorCode
{
    /// <summary>An argument, option or body is not acceptable; the message names it. Nothing was written.</summary>
    InvalidArgument = 1,

    /// <summary>No handler, event type or aggregate of that name is registered. Nothing was written.</summary>
    UnknownType = 2,

    /// <summary>An event or entry is larger than the limit. Nothing was written.</summary>
    TooLarge = 3,

    /// <summary>A handler, fold or serializer threw or returned nonsense; its command failed, nothing was written.</summary>
    HandlerFailed = 4,

    /// <summary>More requests are in flight than the limit allows. Nothing was written; try again later.</summary>
    Overloaded = 5,

    /// <summary>The partition has no owner here at the moment. Nothing was written; try again.</summary>
    NotOwner = 6,

    /// <summary>The book, store or sink was closed. Nothing was written, and nothing will be before it is opened again.</summary>
    Closed = 7,

    /// <summary>The command id belongs to another command, or to the same one with other content. Nothing was written.</summary>
    CommandIdReused = 8,

    /// <summary>A ledger was fenced by a later owner; this writer must stop for good.</summary>
    LedgerFenced = 20,

    /// <summary>A ledger is closed and takes no more entries.</summary>
    LedgerClosed = 21,

    /// <summary>No ledger of that id exists.</summary>
    NoSuchLedger = 22,

    /// <summary>The ledger ends before that entry.</summary>
    NoSuchEntry = 23,

    /// <summary>Stored bytes are damaged; the message names file and place. Never skipped, never reported as an end.</summary>
    Corrupted = 24,

    /// <summary>A store or coordinator stopped after a failed write or flush. Nothing was written of what it refuses with this; a write of unknown outcome is an
    /// <see cref="InDoubtException"/> or <see cref="Outcome.InDoubt"/>.</summary>
    StoreFailed = 25,

    /// <summary>A folder, file or schema was written by a newer version.</summary>
    NewerFormat = 26,

    /// <summary>Another process uses the folder.</summary>
    AlreadyInUse = 27,

    /// <summary>The part of a journal before this point has been truncated.</summary>
    Truncated = 28,

    /// <summary>A compare-and-set lost against another writer; re-read and decide again.</summary>
    VersionMismatch = 40,

    /// <summary>A later owner holds the checkpoint, lease or journal; this one must stop.</summary>
    StaleEpoch = 41,

    /// <summary>A service (the coordinator, the database of read models) could not be reached, did not answer or has no room at the moment. Nothing
    /// was written, unless the exception is an <see cref="InDoubtException"/>; try again.</summary>
    Unavailable = 42,

    /// <summary>An event could not be projected; the projection is parked at it.</summary>
    PoisonEvent = 60,

    /// <summary>A read model was folded from the events of another book; the message names both. Nothing was written to it.</summary>
    OtherBook = 61,
}

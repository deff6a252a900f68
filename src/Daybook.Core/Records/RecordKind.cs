namespace Daybook.Core.Records;

/// <summary>The kind of a journal record. The numbers are the stored ones (docs/journal-format.md) and never change.</summary>
internal enum RecordKind : byte
{
    /// <summary>A command of one partition and its events; several streams of it together when the command names them.</summary>
    Events = 1,

    /// <summary>A command that its handler refused.</summary>
    Rejected = 2,

    /// <summary>A command that found a stream at another version than expected.</summary>
    Conflict = 3,

    /// <summary>A participant's yes: its events of a transaction, not yet committed.</summary>
    Prepared = 4,

    /// <summary>The commit of a transaction, with the coordinator's own events. The transaction is committed iff this is in the
    /// journal.</summary>
    Decision = 5,

    /// <summary>A participant learned how a transaction ended.</summary>
    Resolved = 6,

    /// <summary>All participants have durably resolved; the coordinator may forget the decision.</summary>
    End = 7,

    /// <summary>The folded state of one stream, so that loading it need not start at its first event.</summary>
    Snapshot = 8,

    /// <summary>In a recovery point: remembered commands, oldest first.</summary>
    RecoveryCommands = 16,

    /// <summary>In a recovery point: a transaction this partition voted yes for.</summary>
    RecoveryPrepared = 17,

    /// <summary>In a recovery point: a transaction this partition decided to commit.</summary>
    RecoveryDecided = 18,

    /// <summary>In a recovery point: streams, with version, last record and snapshot.</summary>
    RecoveryStreams = 19,

    /// <summary>In a recovery point: nothing follows; a recovery point without it is not used.</summary>
    RecoveryEnd = 20,
}

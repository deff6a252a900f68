namespace Daybook.Core.Tests.Simulation;

/// <summary>What is broken on purpose, to see that the checkers notice. Nothing of it is in the engine: the simulation lies to it or for it.</summary>
public enum SeededBug
{
    None,

    /// <summary>The store acknowledges what it has not flushed.</summary>
    SkippedFlush,

    /// <summary>A takeover does not fence the ledger of the owner before.</summary>
    DroppedFence,

    /// <summary>Clients hear of an outcome when its entry is sent off, not when it is durable.</summary>
    ReplyBeforeDurability,

    /// <summary>Readers are shown what is still in flight.</summary>
    ReadBeforeDurability,

    /// <summary>A retry is decided again.</summary>
    AppliedTwice,

    /// <summary>A participant forgets at a takeover that it voted yes.</summary>
    LegLost,

    /// <summary>A coordinator forgets at a takeover that it decided.</summary>
    DecisionForgotten,

    /// <summary>A participant unlocks when it has prepared.</summary>
    ParticipantUnlocksEarly,

    /// <summary>A coordinator unlocks before the votes are in.</summary>
    HomeUnlocksEarly,

    /// <summary>A vote goes out before the prepared record is safe.</summary>
    VoteBeforePrepare,

    /// <summary>A commit goes out before the decision is safe.</summary>
    CommitBeforeDecision,
}

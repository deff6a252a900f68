namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>The bugs that can be seeded in a <see cref="SimulatedListStore"/>.</summary>
public enum ListFault
{
    None,

    /// <summary>A commit does not check what changed and writes back the whole list it began with.</summary>
    LostUpdate,

    /// <summary>A read-only transaction sees a consistent snapshot from before its invocation.</summary>
    StaleRead,

    /// <summary>Reads see appends that are not committed and may never be.</summary>
    DirtyRead,

    /// <summary>An append is applied twice.</summary>
    DoubleAppend,

    /// <summary>A commit checks only the lists it appends to: snapshot isolation.</summary>
    WriteSkew,

    /// <summary>Each read sees the latest commit and none is checked: read committed.</summary>
    ReadSkew,

    /// <summary>A commit becomes visible list by list.</summary>
    TornCommit,

    /// <summary>A transaction that only appends is answered before it takes effect.</summary>
    EarlyReply,

    /// <summary>A transaction with several appends loses one of them.</summary>
    LostLeg,

    /// <summary>A crash takes back the last commit after it was acknowledged.</summary>
    LostCommit,
}

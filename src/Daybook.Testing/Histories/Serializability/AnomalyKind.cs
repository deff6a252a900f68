namespace Daybook.Testing.Histories.Serializability;

/// <summary>What a strictly serializable system never shows. The G names are Adya's.</summary>
public enum AnomalyKind
{
    /// <summary>A list holds the same value twice.</summary>
    DuplicateElements,

    /// <summary>A list holds a value that nobody appended.</summary>
    GarbageRead,

    /// <summary>A list holds a value of a failed transaction.</summary>
    G1a,

    /// <summary>A list ends inside another transaction: that one appended more to it afterwards.</summary>
    G1b,

    /// <summary>A transaction does not see its own appends, sees those it makes later, or a list changes while it runs.</summary>
    Internal,

    /// <summary>Two reads of a list, neither of which begins with the other.</summary>
    IncompatibleOrder,

    /// <summary>Of one transaction's appends to one list, a later one is there before or without an earlier one.</summary>
    TornTransaction,

    /// <summary>A cycle of ww edges.</summary>
    G0,

    /// <summary>A cycle of ww and wr edges.</summary>
    G1c,

    /// <summary>A cycle with one rw edge, such as read skew.</summary>
    GSingle,

    /// <summary>A cycle with several rw edges, such as write skew.</summary>
    G2,
}

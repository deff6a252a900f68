namespace Daybook.Bookie.Serving;

/// <summary>A read in progress.</summary>
/// <param name="Caller">The caller to answer.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="Wanted">The entry; <see cref="EntryId.None"/> for the last one.</param>
/// <param name="ReplyEntry">The entry id in the answer.</param>
internal readonly record struct ReadPlan(Caller Caller, LedgerId Ledger, EntryId Wanted, EntryId ReplyEntry)
{
    /// <summary>When a long poll learned the new LAC, in milliseconds since 1970.</summary>
    public long? LacUpdated { get; init; }

    /// <summary>Whether it is a long poll with piggyback: without the entry the answer is successful and empty.</summary>
    public bool IsPiggyback { get; init; }
}

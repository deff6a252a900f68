namespace Daybook.Bookie.Serving;

/// <summary>A read that is being answered.</summary>
/// <param name="Caller">Who asked.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="Wanted">The entry; <see cref="EntryId.None"/> for the last one.</param>
/// <param name="ReplyEntry">What the answer calls it.</param>
internal readonly record struct ReadPlan(Caller Caller, LedgerId Ledger, EntryId Wanted, EntryId ReplyEntry)
{
    /// <summary>When a long poll came to know of its LAC, in milliseconds since 1970.</summary>
    public long? LacUpdated { get; init; }

    /// <summary>A long poll with piggyback: without the entry the answer is good and empty.</summary>
    public bool IsPiggyback { get; init; }
}

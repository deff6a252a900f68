using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>What a bookie answered, over either protocol. Nothing in it is a view of a buffer that is used again.</summary>
/// <param name="Key">Which request it answers.</param>
/// <param name="Status">The outcome; never below zero.</param>
/// <param name="Ledger">The ledger that it names; null when it names none.</param>
/// <param name="Entry">The entry that it names; null when it names none.</param>
internal readonly record struct Answer(RequestKey Key, BookieStatus Status, LedgerId? Ledger = null, EntryId? Entry = null)
{
    /// <summary>The answer to a read.</summary>
    public ReadResponse Read { get; init; }

    /// <summary>What was answered to all else, decoded; null without a good status.</summary>
    public object? Content { get; init; }
}

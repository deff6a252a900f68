using System.Collections.Immutable;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Writing;

/// <summary>
/// What a <see cref="WriterMachine"/> wants done, in the order of the calls. None of them may call the machine back: what comes of them is a later
/// input. Adds and completions are what the hot path does; the others are rare. At most one of <see cref="Choose"/>, <see cref="Write"/> and
/// <see cref="Read"/> that still matters is under way at a time.
/// </summary>
internal interface IWriterEffects
{
    /// <summary>Send an add. The head of its body is used again after the call; the payload is the user's. Answer: <see cref="WriterMachine.Answered"/>.</summary>
    void Send(BookieId bookie, int tag, in AddRequest request);

    /// <summary>The next entry, this one, is acknowledged.</summary>
    void Complete(EntryId entry);

    /// <summary>The writer is dead: everything that is not complete fails. Entries from <paramref name="firstUnsent"/> on were sent to nobody.</summary>
    void Fail(BookKeeperException failure, EntryId firstUnsent);

    /// <summary>A bookie failed a write.</summary>
    void Avoid(BookieId bookie);

    /// <summary>Look for replacements of failed positions. Answer: <see cref="WriterMachine.Chosen"/>.</summary>
    void Choose(ImmutableArray<BookieId> ensemble, ImmutableArray<int> failed);

    /// <summary>Compare and set. Answer: <see cref="WriterMachine.Written"/>, <see cref="WriterMachine.Lost"/> or <see cref="WriterMachine.NotWritten"/>.</summary>
    void Write(LedgerMetadata metadata, int expectedVersion);

    /// <summary>See how the ledger ended. Answer: <see cref="WriterMachine.Seen"/>.</summary>
    void Read();

    /// <summary>Write an explicit LAC to these bookies. Answer: <see cref="WriterMachine.LacTold"/>.</summary>
    void TellLac(EntryId lac, ImmutableArray<BookieId> bookies);

    /// <summary>Every close that was asked for is done: well, or with an error.</summary>
    void Closed(BookKeeperException? failure);
}

/// <summary>Another bookie for a position.</summary>
internal readonly record struct Replacement(int Position, BookieId Bookie);

/// <summary>How much of a writer is under way at most; one entry always is.</summary>
internal readonly record struct WriterWindow(int Adds, long Bytes);

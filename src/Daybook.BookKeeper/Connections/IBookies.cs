using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>
/// Requests to bookies by name, over one connection each. Every request is answered exactly once, never from within the call that sent it, and
/// always: when the bookie does not, with a status below zero (see <see cref="BookieStatus"/>). Safe for many threads.
/// </summary>
/// <remarks>Requests to one bookie go out in the order of the calls. Answers come in any order, on the thread that reads the connection: code that
/// takes them must not block.</remarks>
internal interface IBookies
{
    /// <summary>Adds an entry. Its bytes are copied before the call returns.</summary>
    /// <param name="bookie">The receiver.</param>
    /// <param name="request">What.</param>
    /// <param name="answers">Receives the answer.</param>
    /// <param name="position">Given back with the answer; usually the position in the ensemble.</param>
    void Add(BookieId bookie, in AddRequest request, IAddAnswers answers, int position);

    /// <summary>Reads an entry, fences, or polls. The body of the answer is the receiver's to keep; its digest is not checked.</summary>
    /// <param name="bookie">The receiver.</param>
    /// <param name="request">What. The timeout of a long poll comes on top of that of other reads.</param>
    /// <param name="answers">Receives the answer.</param>
    /// <param name="position">Given back with the answer.</param>
    void Read(BookieId bookie, in ReadRequest request, IReadAnswers answers, int position);

    /// <summary>Reads consecutive entries, as many as the bookie has and the bounds allow; the answer may be shorter than asked for.</summary>
    /// <remarks>One batch read over v2; over v3, which has none, up to <see cref="PipelinedBatch.MostReads"/> reads sent together, of any
    /// size. With <see cref="BookieStatus.Ok"/> there is at least one entry.</remarks>
    Task<BatchAnswer> ReadBatchAsync(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes);

    /// <summary>Sends a bookie an explicit LAC.</summary>
    Task<BookieStatus> WriteLacAsync(BookieId bookie, LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet);

    /// <summary>Asks for the last explicit LAC and the highest entry; neither digest is checked.</summary>
    Task<LacAnswer> ReadLacAsync(BookieId bookie, LedgerId ledger);

    /// <summary>Makes durable what was added with <see cref="AddOptions.DeferredSync"/>.</summary>
    Task<BookieStatus> ForceAsync(BookieId bookie, LedgerId ledger);

    /// <summary>Asks which entries of a ledger a bookie has; null unless the status is good.</summary>
    Task<(BookieStatus Status, EntryListing? Entries)> ListEntriesAsync(BookieId bookie, LedgerId ledger);

    /// <summary>Asks for the capacity and the free space of a bookie's disks, in bytes.</summary>
    Task<(BookieStatus Status, long TotalBytes, long FreeBytes)> InfoAsync(BookieId bookie);
}

/// <summary>Takes answers to adds.</summary>
internal interface IAddAnswers
{
    /// <summary>A bookie has answered, or will not any more.</summary>
    void Added(BookieId bookie, int position, EntryId entry, BookieStatus status);
}

/// <summary>Takes answers to reads.</summary>
internal interface IReadAnswers
{
    /// <summary>A bookie has answered, or will not any more; then there is no body. <paramref name="asked"/> is the entry of the request.</summary>
    void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response);
}

/// <summary>Consecutive entries as stored, from the one asked for on; each is to be checked.</summary>
internal readonly record struct BatchAnswer(BookieStatus Status, IReadOnlyList<ReadOnlyMemory<byte>> Entries);

/// <summary>What a bookie knows of a ledger's LAC.</summary>
/// <param name="Status">Whether it knows anything.</param>
/// <param name="Lac">The last explicit LAC with its digest; empty when there was none.</param>
/// <param name="LastEntry">The highest entry as stored; empty when there is none.</param>
internal readonly record struct LacAnswer(BookieStatus Status, ReadOnlyMemory<byte> Lac, ReadOnlyMemory<byte> LastEntry);

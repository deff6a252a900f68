using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>Takes answers to requests that are neither adds nor single reads.</summary>
internal interface IContentAnswers
{
    /// <summary>The bookie has answered, or will not any more; then there is no content.</summary>
    void Answered(BookieStatus status, object? content);
}

/// <summary>A request that waits for its answer.</summary>
/// <param name="Operation">What was asked.</param>
/// <param name="Answers">The receiver: an <see cref="IAddAnswers"/>, <see cref="IReadAnswers"/> or <see cref="IContentAnswers"/>; null when it has already timed out.</param>
/// <param name="Position">Given back with the answer.</param>
/// <param name="Ledger">The ledger asked for.</param>
/// <param name="Entry">The entry asked for.</param>
/// <param name="Brought">The entry that the answer may speak of instead.</param>
internal readonly record struct PendingRequest(
    BookieOperation Operation, object? Answers, int Position, LedgerId Ledger, EntryId Entry, EntryId Brought)
{
    /// <summary>When it was handed over, as a timestamp.</summary>
    public long Sent { get; init; }

    /// <summary>When time is up, as a timestamp.</summary>
    public long Deadline { get; init; }

    /// <summary>How many bytes it stands for.</summary>
    public int Bytes { get; init; }

    /// <summary>True when the answer speaks of what was asked for, or of nothing.</summary>
    public bool IsAnsweredBy(in Answer answer) =>
        (answer.Ledger is not { } ledger || ledger == Ledger) && (answer.Entry is not { } entry || entry == Entry || entry == Brought);

    /// <summary>Hands the answer over.</summary>
    public void Answer(BookieId bookie, in Answer answer)
    {
        // By what was asked, as one and the same may take answers to several kinds.
        switch (Operation)
        {
            case BookieOperation.Add:
                ((IAddAnswers)Answers!).Added(bookie, Position, Entry, answer.Status);
                break;
            case BookieOperation.Read or BookieOperation.LongPoll:
                // A request that was refused outright is answered without naming what it asked for.
                ((IReadAnswers)Answers!).Read(bookie, Position, Entry, answer.Ledger is null ? new ReadResponse(answer.Status, Ledger, Entry) : answer.Read);
                break;
            default:
                ((IContentAnswers)Answers!).Answered(answer.Status, answer.Content);
                break;
        }
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Daybook.BookKeeper.Recovering;

/// <summary>
/// A protocol with bookies as a state machine: answers go in, requests come out, nothing else happens. <see cref="BookieConversation"/> drives it.
/// Takes any answer at any time, also late ones and those to questions that are settled.
/// </summary>
internal abstract class BookieMachine
{
    private readonly Queue<BookieRequest> _outbox = new();

    /// <summary>True once there is a result or a <see cref="Failure"/>; it takes no more answers then.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why there is no result.</summary>
    public BookKeeperException? Failure { get; private set; }

    /// <summary>Asks the first questions. Called once, before any answer is taken.</summary>
    public abstract void Start();

    /// <summary>Takes an answer.</summary>
    public void Take(BookieAnswer answer)
    {
        if (!IsDone)
            Hear(answer);
    }

    /// <summary>The next request to be sent, in order.</summary>
    public bool TryNext([NotNullWhen(true)] out BookieRequest? request) => _outbox.TryDequeue(out request);

    protected abstract void Hear(BookieAnswer answer);

    protected void Send(BookieRequest request) => _outbox.Enqueue(request);

    protected void Finish() => IsDone = true;

    protected void Fail(BookKeeperException failure)
    {
        Failure = failure;
        IsDone = true;
    }
}

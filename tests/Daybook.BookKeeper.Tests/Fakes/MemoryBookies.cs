using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>
/// Bookies in memory, and the network to them: requests and answers lie in <see cref="InFlight"/> until the test lets them through or loses them. Single-threaded:
/// the caller that pumps runs the continuation of an answer. Long polls stay at the bookie until it has news, or the test times them out.
/// </summary>
internal sealed class MemoryBookies : IBookies
{
    private readonly Dictionary<BookieId, MemoryBookie> _bookies = [];

    /// <summary>What is on its way, oldest first.</summary>
    public List<Message> InFlight { get; } = [];

    public MemoryBookie this[BookieId bookie] =>
        _bookies.TryGetValue(bookie, out var found) ? found : _bookies[bookie] = new MemoryBookie();

    public MemoryBookie this[string bookie] => this[new BookieId(bookie)];

    /// <summary>Bookies whose requests fail as unreachable when they are let through.</summary>
    public HashSet<BookieId> Down { get; } = [];

    /// <summary>True answers questions for the LAC within the call: for tests of writers, whose questions to replacements are beside the point.</summary>
    public bool AnswersLacWithinTheCall { get; init; }

    /// <summary>Lets one message through: a request to its bookie, which puts the answer in flight, or an answer to its caller. A long poll
    /// without news stays.</summary>
    /// <returns>False when it stayed.</returns>
    public bool Deliver(Message message)
    {
        if (message is { IsAnswer: false, Poll: { } poll } && !Down.Contains(message.Bookie) && !this[message.Bookie].HasNews(poll))
            return false;
        InFlight.Remove(message);
        Inline(() => message.Pass(Down.Contains(message.Bookie) ? BookieStatus.Unreachable : null));
        return true;
    }

    /// <summary>Loses a message. The request may or may not have been executed; its caller gets <paramref name="status"/>.</summary>
    public void Lose(Message message, BookieStatus status = BookieStatus.TimedOut)
    {
        InFlight.Remove(message);
        Inline(() => message.Fail(status));
    }

    /// <summary>Lets everything through, in order, also what follows from it, until only long polls are left.</summary>
    public void DeliverAll() => DeliverWhere(_ => true);

    /// <summary>As <see cref="DeliverAll"/>, for what a test chooses.</summary>
    public void DeliverWhere(Func<Message, bool> which)
    {
        while (InFlight.FirstOrDefault(message => which(message) && Deliver(message)) is not null)
        {
        }
    }

    public void Add(BookieId bookie, in AddRequest request, IAddAnswers answers, int position)
    {
        // The contract copies immediately: later changes of the caller's buffers must not show.
        var copy = request with { Body = new PackagedEntry(request.Body.Head.ToArray(), request.Body.Payload.ToArray()) };
        Send(bookie, $"add {copy.Entry}", copy.Entry, () => this[bookie].Add(copy), s => s, s => answers.Added(bookie, position, copy.Entry, s));
    }

    public void Read(BookieId bookie, in ReadRequest request, IReadAnswers answers, int position)
    {
        var copy = request;
        var what = (copy.Options & ReadOptions.Fence) != 0 ? $"fence {copy.Entry}" : copy.PreviousLac is null ? $"read {copy.Entry}" : $"poll {copy.PreviousLac}";
        Send(bookie, what, copy.Entry, () => this[bookie].Read(copy), s => new ReadResponse(s, copy.Ledger, copy.Entry),
            r => answers.Read(bookie, position, copy.Entry, r), copy.PreviousLac is null ? null : copy);
    }

    public Task<BatchAnswer> ReadBatchAsync(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes) =>
        Ask(bookie, $"batch {first}", first, () => Batch(bookie, ledger, first, maxCount, maxBytes), s => new BatchAnswer(s, []));

    public Task<BookieStatus> WriteLacAsync(BookieId bookie, LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet) =>
        Ask(bookie, $"write lac {lac}", lac, () => this[bookie].WriteLac(ledger, lac, masterKey, packet), s => s);

    public Task<LacAnswer> ReadLacAsync(BookieId bookie, LedgerId ledger) =>
        AnswersLacWithinTheCall
            ? Task.FromResult(Down.Contains(bookie) ? new LacAnswer(BookieStatus.Unreachable, default, default) : this[bookie].ReadLac(ledger))
            : Ask(bookie, "read lac", EntryId.None, () => this[bookie].ReadLac(ledger), s => new LacAnswer(s, default, default));

    public Task<BookieStatus> ForceAsync(BookieId bookie, LedgerId ledger) =>
        Ask(bookie, "force", EntryId.None, () => this[bookie].Refuses ?? BookieStatus.Ok, s => s);

    public Task<(BookieStatus Status, EntryListing? Entries)> ListEntriesAsync(BookieId bookie, LedgerId ledger) =>
        throw new NotSupportedException("No test lists entries of a bookie in memory.");

    public Task<(BookieStatus Status, long TotalBytes, long FreeBytes)> InfoAsync(BookieId bookie) =>
        Ask(bookie, "info", EntryId.None, () => (BookieStatus.Ok, 1000L, 500L), s => (s, 0L, 0L));

    /// <summary>Without the context of the test, in whose presence the runtime would send what follows to other threads.</summary>
    private static void Inline(Action action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private BatchAnswer Batch(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes)
    {
        var entries = new List<ReadOnlyMemory<byte>>();
        for (var entry = first; maxCount <= 0 || entries.Count < maxCount; entry = entry.Next)
        {
            var read = this[bookie].Read(new ReadRequest(ledger, entry));
            if (read.Status != BookieStatus.Ok)
                return new BatchAnswer(entries.Count > 0 ? BookieStatus.Ok : read.Status, entries);
            maxBytes -= read.Body.Length;
            if (entries.Count > 0 && maxBytes < 0)
                break;
            entries.Add(read.Body);
        }
        return new BatchAnswer(BookieStatus.Ok, entries);
    }

    private Task<T> Ask<T>(BookieId bookie, string what, EntryId entry, Func<T> serve, Func<BookieStatus, T> failed)
    {
        var answer = new TaskCompletionSource<T>();
        Send(bookie, what, entry, serve, failed, answer.SetResult);
        return answer.Task;
    }

    private void Send<T>(
        BookieId bookie, string what, EntryId entry, Func<T> serve, Func<BookieStatus, T> failed, Action<T> answered, ReadRequest? poll = null)
    {
        void Pass(BookieStatus? status) => Answer(bookie, what, entry, status is { } s ? failed(s) : serve(), failed, answered);
        InFlight.Add(new Message(bookie, what, entry, false, poll, Pass, s => answered(failed(s))));
    }

    private void Answer<T>(BookieId bookie, string what, EntryId entry, T value, Func<BookieStatus, T> failed, Action<T> answered) =>
        InFlight.Add(new Message(bookie, what, entry, true, null, _ => answered(value), s => answered(failed(s))));
}

/// <summary>A request or an answer on its way.</summary>
/// <param name="Bookie">The receiver or the sender.</param>
/// <param name="What">For example <c>add 3</c>, <c>read 3</c>, <c>fence -1</c>, <c>poll 2</c>, <c>batch 0</c>, <c>write lac 4</c>, <c>read lac</c>.</param>
/// <param name="Entry">The entry it is about.</param>
/// <param name="IsAnswer">True on the way back.</param>
/// <param name="Poll">The request of a long poll that is not answered yet.</param>
/// <param name="Pass">Lets it through; with a status, the request fails instead.</param>
/// <param name="Fail">Notifies the caller that there will be no answer.</param>
internal sealed record Message(
    BookieId Bookie, string What, EntryId Entry, bool IsAnswer, ReadRequest? Poll, Action<BookieStatus?> Pass, Action<BookieStatus> Fail)
{
    public override string ToString() => $"{(IsAnswer ? "answer to " : "")}{What} {(IsAnswer ? "from" : "at")} {Bookie}";
}

using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>Bookies in memory for readers that send from several threads: one lock round everything, and a pump that lets messages through as they come.</summary>
internal sealed class PumpedBookies(MemoryBookies inner) : IBookies
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many requests were sent, by what they ask.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Delivers the messages that <paramref name="which"/> selects, as they come, until the work is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> work, Func<Message, bool>? which = null)
    {
        while (!work.IsCompleted)
        {
            Task sent;
            lock (_lock)
            {
                sent = _sent.Task;
                inner.DeliverWhere(which ?? (_ => true));
            }
            await Task.WhenAny(work, sent);
        }
        return await work;
    }

    public void Add(BookieId bookie, in AddRequest request, IAddAnswers answers, int position) => throw new NotSupportedException("Readers add nothing.");

    public void Read(BookieId bookie, in ReadRequest request, IReadAnswers answers, int position)
    {
        lock (_lock)
        {
            Note($"read {request.Entry} at {bookie}");
            inner.Read(bookie, request, answers, position);
        }
    }

    public Task<BatchAnswer> ReadBatchAsync(BookieId bookie, LedgerId ledger, EntryId first, int maxCount, long maxBytes)
    {
        lock (_lock)
        {
            Note($"batch {first} of {maxCount} at {bookie}");
            return inner.ReadBatchAsync(bookie, ledger, first, maxCount, maxBytes);
        }
    }

    public Task<BookieStatus> WriteLacAsync(BookieId bookie, LedgerId ledger, EntryId lac, ReadOnlyMemory<byte> masterKey, ReadOnlyMemory<byte> packet) =>
        throw new NotSupportedException("Readers write nothing.");

    public Task<LacAnswer> ReadLacAsync(BookieId bookie, LedgerId ledger)
    {
        lock (_lock)
        {
            Note($"read lac at {bookie}");
            return inner.ReadLacAsync(bookie, ledger);
        }
    }

    public Task<BookieStatus> ForceAsync(BookieId bookie, LedgerId ledger) => throw new NotSupportedException("Readers force nothing.");

    public Task<(BookieStatus Status, EntryListing? Entries)> ListEntriesAsync(BookieId bookie, LedgerId ledger) => inner.ListEntriesAsync(bookie, ledger);

    public Task<(BookieStatus Status, long TotalBytes, long FreeBytes)> InfoAsync(BookieId bookie) => inner.InfoAsync(bookie);

    private void Note(string what)
    {
        Sent.Add(what);
        _sent.TrySetResult();
        _sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

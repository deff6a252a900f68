using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Reading;

/// <summary>
/// Reads one entry: asks one bookie after another until one gives it undamaged, and the next one too when there is no answer for a while.
/// Runs what follows from an answer on the thread that brings it.
/// </summary>
internal sealed class EntryRead : IReadAnswers
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<OpenedEntry> _result = new();
    private readonly ReadContext _context;
    private readonly EntryId _entry;
    private readonly BookieId[] _order;
    private readonly CopyReports _reports;
    private ITimer? _patience;
    private int _asked;
    private bool _isDone;

    private EntryRead(ReadContext context, EntryId entry, BookieId[] order)
    {
        (_context, _entry, _order) = (context, entry, order);
        _reports = new CopyReports(context.Ledger, entry);
    }

    /// <summary>Reads the entry.</summary>
    /// <param name="context">The reader.</param>
    /// <param name="entry">The entry; it must be one that may be read.</param>
    /// <param name="order">The bookies of its write set, in the order in which to ask.</param>
    /// <exception cref="BookKeeperException">Names the answer of each of them.</exception>
    public static Task<OpenedEntry> RunAsync(ReadContext context, EntryId entry, BookieId[] order)
    {
        var read = new EntryRead(context, entry, order);
        if (order.Length > 1)
        {
            var after = context.Client.Options.SpeculativeReadAfter;
            read._patience = context.Client.Time.CreateTimer(state => ((EntryRead)state!).Hurry(), read, after, after);
        }
        read.AskNext();
        return read._result.Task;
    }

    public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response)
    {
        if (response.Status != BookieStatus.Ok)
        {
            Refuse(bookie, BookieErrors.Of(response.Status, isWrite: false, _context.Ledger, _entry, bookie));
            return;
        }
        try
        {
            var opened = PackagedEntry.Open(response.Body, _context.Ledger, _entry, _context.Credentials.Digest, bookie);
            if (Finish())
                _result.SetResult(opened);
        }
        catch (BookKeeperException damage)
        {
            Refuse(bookie, damage);
        }
    }

    private void Refuse(BookieId bookie, BookKeeperException problem)
    {
        _context.Ranking.Demote(bookie);
        ReadLog.CopyFailed(_context.Client.Log, _context.Ledger.Value, _entry.Value, bookie.Value, problem.Error);
        bool isExhausted;
        lock (_lock)
        {
            if (_isDone)
                return;
            _reports.Add(problem);
            isExhausted = _isDone = _reports.Count == _order.Length;
        }
        if (!isExhausted)
        {
            AskNext();
            return;
        }
        _patience?.Dispose();
        _result.SetException(_reports.ToException());
    }

    private bool Finish()
    {
        lock (_lock)
        {
            if (_isDone)
                return false;
            _isDone = true;
        }
        _patience?.Dispose();
        return true;
    }

    private void Hurry()
    {
        int asked;
        lock (_lock)
            asked = _isDone ? _order.Length : _asked;
        if (asked >= _order.Length)
            return;
        _context.Ranking.Demote(_order[asked - 1]);
        AskNext();
    }

    private void AskNext()
    {
        int copy;
        lock (_lock)
        {
            if (_isDone || _asked == _order.Length)
                return;
            copy = _asked++;
        }
        _context.Client.Bookies.Read(_order[copy], new ReadRequest(_context.Ledger, _entry), this, copy);
    }
}

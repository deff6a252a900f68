using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Storage;

namespace Daybook.Bookie.Serving;

internal sealed partial class LedgerService
{
    /// <summary>The number of following blocks to read as well when reads are sequential.</summary>
    private const int ReadAhead = 2;

    /// <summary>The weight of a read from disk in <see cref="Network.Output.IsFull"/>: a whole block in the worst case, usually a few
    /// KiB.</summary>
    private const int ReadingCost = 4096;

    private readonly Dictionary<BlockId, List<Action<bool>>> _fetching = [];
    private BlockId _lastFetched;

    /// <summary>Reads an entry: with fencing, with a wait for the LAC, or directly.</summary>
    public void Read(Caller caller, in ReadRequest request)
    {
        var plan = new ReadPlan(caller, request.Ledger, request.Entry, request.Entry);
        if ((request.Options & ReadOptions.Fence) != 0)
        {
            Fence(request.Ledger, request.MasterKey.Span, status =>
            {
                if (status == BookieStatus.Ok)
                    Serve(plan);
                else
                    Refuse(plan, status);
            });
        }
        else if (request.PreviousLac is { } previous)
            Poll(plan, previous, request);
        else
            Serve(plan);
    }

    /// <summary>The explicit LAC and the last entry of a ledger.</summary>
    public void ReadLac(LedgerId id, Action<BookieStatus, byte[]?, ReadOnlyMemory<byte>> answer)
    {
        if (Table.Find(id) is not { } ledger || (ledger.ExplicitLac is null && ledger.Entries.Count == 0))
            answer(Absent(BookieStatus.NoEntry), null, default);
        else if (ledger.Entries.Count == 0)
            answer(BookieStatus.Ok, ledger.ExplicitLac, default);
        else
            Get(id, ledger.Entries.Last, (status, body) => answer(status, ledger.ExplicitLac, body));
    }

    /// <summary>The entries of a ledger that this bookie holds.</summary>
    public (BookieStatus Status, byte[] Listing) List(LedgerId id)
    {
        if (Doubt is { } doubt)
            return (doubt, []);
        return Table.Find(id) is { } ledger
            ? (BookieStatus.Ok, EntryListingWriter.Encode(ledger.Entries.All().Select(entry => entry.Entry.Value)))
            : (BookieStatus.NoLedger, []);
    }

    /// <summary>Looks up an entry in memory. Its bytes are valid until the mutex is released.</summary>
    /// <returns>The result; null when a block must be read from disk first.</returns>
    private BookieStatus? Look(LedgerId id, EntryId entry, out ReadOnlyMemory<byte> body, out BlockId block)
    {
        (body, block) = (default, default);
        if (Table.Find(id) is not { } ledger)
            return Absent(BookieStatus.NoLedger);
        if (!ledger.Entries.TryFind(entry, out var at))
            return Absent(BookieStatus.NoEntry);
        block = at.Block;
        if (!_cache.TryGet(block, out var data))
            return null;
        return BlockRecords.TryGetEntry(data, at, id, entry, out body) ? BookieStatus.Ok : BookieStatus.IoError;
    }

    private void Get(LedgerId id, EntryId entry, Action<BookieStatus, ReadOnlyMemory<byte>> then)
    {
        if (Look(id, entry, out var body, out var block) is { } status)
        {
            then(status, body);
            return;
        }
        Fetch(block, isRead =>
        {
            if (isRead || IsElsewhere(id, entry, block))
                Get(id, entry, then);
            else
                then(BookieStatus.IoError, default);
        });
    }

    /// <summary>Answers a read; immediately if its block is in memory.</summary>
    private void Serve(ReadPlan plan)
    {
        var ledger = Table.Find(plan.Ledger);
        var entry = plan.Wanted == EntryId.None && ledger is not null ? ledger.Entries.Last : plan.Wanted;
        var status = Look(plan.Ledger, entry, out var body, out var block);
        if (status == BookieStatus.Ok)
            plan.Caller.Read(new ReadResponse(BookieStatus.Ok, plan.Ledger, plan.ReplyEntry, body, ledger!.Lac, plan.LacUpdated));
        else if (status == BookieStatus.NoEntry && plan.IsPiggyback)
            plan.Caller.Read(new ReadResponse(BookieStatus.Ok, plan.Ledger, EntryId.None, default, ledger!.Lac, plan.LacUpdated));
        else if (status is { } bad)
            Refuse(plan, bad);
        else
            ServeLater(plan, entry, block);
    }

    private void ServeLater(ReadPlan plan, EntryId entry, BlockId block)
    {
        plan.Caller.Output.Expect(ReadingCost);
        Fetch(block, isRead =>
        {
            plan.Caller.Output.Expect(-ReadingCost);
            if (isRead || IsElsewhere(plan.Ledger, entry, block))
                Serve(plan);
            else
                Refuse(plan, BookieStatus.IoError);
        });
    }

    private static void Refuse(in ReadPlan plan, BookieStatus status) =>
        plan.Caller.Read(new ReadResponse(status, plan.Ledger, plan.ReplyEntry));

    /// <summary>Whether an entry was moved or deleted since its block was looked up.</summary>
    private bool IsElsewhere(LedgerId id, EntryId entry, BlockId block) =>
        Table.Find(id) is not { } ledger || !ledger.Entries.TryFind(entry, out var at) || at.Block != block;

    /// <summary>Reads a block from disk; one read serves all requests that wait for the block.</summary>
    private void Fetch(BlockId block, Action<bool> then)
    {
        if (_fetching.TryGetValue(block, out var waiting))
        {
            waiting.Add(then);
            return;
        }
        var isNext = block.Value - _lastFetched.Value <= ReadAhead + 1;
        _lastFetched = block;
        Begin(block).Add(then);
        for (var ahead = block.Next; isNext && ahead.Value <= block.Value + ReadAhead; ahead = ahead.Next)
        {
            if (Table.Logs.TryGetValue(ahead.Log, out var log) && ahead.Number.Value < log.Blocks
                && !_fetching.ContainsKey(ahead) && !_cache.TryGet(ahead, out _))
                Begin(ahead);
        }
    }

    private List<Action<bool>> Begin(BlockId block)
    {
        var waiting = _fetching[block] = [];
        _ = FetchAsync(block, Table.Logs.GetValueOrDefault(block.Log));
        return waiting;
    }

    private async Task FetchAsync(BlockId block, LogInfo? log)
    {
        ReadOnlyMemory<byte>? data = null;
        try
        {
            // Continue outside the mutex, which the caller holds, even if the reader completes synchronously.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (log is not null)
                data = (await log.Reader.ReadAsync(block.Number).ConfigureAwait(false)).Data;
        }
        catch (Exception e) when (e is DaybookException or IOException or ObjectDisposedException)
        {
            // Waiting reads are answered with a read failure, never with "no such entry" (S5).
        }
        Run(() =>
        {
            if (data is { } read)
                _cache.Put(block, read);
            if (!_fetching.Remove(block, out var waiting))
                return;
            foreach (var then in waiting)
                then(data is not null);
        });
    }
}

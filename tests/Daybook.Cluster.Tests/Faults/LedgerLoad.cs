using Daybook.BookKeeper;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>Appends entries that follow from their number, a thousand a second, until its writer fails, and keeps account of the answers.</summary>
internal sealed class LedgerLoad(BookKeeperWriter writer)
{
    private const int AtOnce = 5;
    private const int MaxInFlight = 400;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private readonly List<Task> _appends = [];
    private TaskCompletionSource _reached = new();
    private long _next;
    private long _acknowledged;
    private long _last = -1;
    private long _wanted;
    private int _inFlight;
    private Exception? _end;

    public LedgerId Ledger => writer.Id;

    /// <summary>The number of the entry that will be appended next.</summary>
    public long Next => Interlocked.Read(ref _next);

    /// <summary>The highest entry that was acknowledged, or −1.</summary>
    public long LastAcknowledged => Interlocked.Read(ref _last);

    /// <summary>How many were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>What the writer reports as acknowledged, which may be more than this load has observed.</summary>
    public EntryId WriterLac => writer.LastAddConfirmed;

    /// <summary>Set before another client takes the ledger: from then on its recovery may confirm entries too.</summary>
    public bool IsTaken { get; set; }

    /// <summary>What ended it; null while it goes on.</summary>
    public Exception? End => Volatile.Read(ref _end);

    /// <summary>The bytes of an entry: most are short, a few longer than a socket's buffer.</summary>
    public static byte[] PayloadOf(LedgerId ledger, long entry)
    {
        var random = new Random(unchecked((int)((ledger.Value * 1_000_003) + entry)));
        var bytes = new byte[random.Next(200) == 0 ? 100_000 : random.Next(1, 500)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Appends until the writer fails; then waits for every answer.</summary>
    public async Task RunAsync()
    {
        using var timer = new PeriodicTimer(s_interval);
        do
        {
            for (var i = 0; i < AtOnce && End is null && Volatile.Read(ref _inFlight) < MaxInFlight; i++)
                Append();
        }
        while (End is null && await timer.WaitForNextTickAsync());
        await Task.WhenAll(_appends);
    }

    /// <summary>Waits until the given number of further entries are acknowledged, or the writer has failed.</summary>
    public Task MoreAsync(long entries)
    {
        lock (_lock)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = _acknowledged + entries;
            if (_end is not null)
                _reached.SetResult();
            return _reached.Task;
        }
    }

    /// <summary>One more append, even if the writer has failed.</summary>
    public Task<EntryId> AppendAsync() => writer.AppendAsync(PayloadOf(Ledger, Interlocked.Increment(ref _next) - 1));

    private void Append()
    {
        var entry = Interlocked.Read(ref _next);
        Interlocked.Increment(ref _inFlight);
        _appends.Add(HearAsync(entry, AppendAsync()));
    }

    private async Task HearAsync(long entry, Task<EntryId> append)
    {
        try
        {
            var id = await append;
            Hear(id.Value == entry ? null : new InvalidOperationException($"entry {entry} was acknowledged as {id}"), entry);
        }
        catch (DaybookException e)
        {
            Hear(e, entry);
        }
    }

    private void Hear(Exception? failure, long entry)
    {
        Interlocked.Decrement(ref _inFlight);
        lock (_lock)
        {
            _end ??= failure;
            if (failure is null)
                (_acknowledged, _last) = (_acknowledged + 1, Math.Max(_last, entry));
            if (_end is not null || _acknowledged >= _wanted)
                _reached.TrySetResult();
        }
    }
}

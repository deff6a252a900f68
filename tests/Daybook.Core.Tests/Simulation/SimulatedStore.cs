using Daybook.Ledgers;

namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// A ledger store in which the scheduler says when what becomes durable, and what a crash leaves. Every call but an append is done when it
/// returns. It keeps exactly the promises of the contract and no more, unless a seeded bug is asked for.
/// </summary>
internal sealed class SimulatedStore(Random random, bool ordered) : ILedgerStore
{
    private readonly Dictionary<LedgerId, SimulatedLedger> _ledgers = [];
    private readonly List<PendingAppend> _pending = [];
    private long _lastId;

    public int MaxEntryBytes => 16 * 1024 * 1024;

    public bool OrdersAcrossLedgers => ordered;

    /// <summary>Seeded bug: acknowledges what it has only accepted.</summary>
    public bool SkipsFlush { get; set; }

    /// <summary>Seeded bug: recovery does not fence.</summary>
    public bool DropsFence { get; set; }

    public bool HasPending => _pending.Count > 0;

    public ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default)
    {
        var ledger = new SimulatedLedger(new LedgerId(++_lastId), metadata.ToArray(), this);
        _ledgers.Add(ledger.Id, ledger);
        return new(ledger);
    }

    public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        _ledgers.TryGetValue(ledger, out var found) ? new(found) : ValueTask.FromException<ILedgerReader>(LedgerErrors.NoSuchLedger(ledger));

    public ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        var found = _ledgers[ledger];
        if (DropsFence)
            return new(found.Copy());
        if (ordered)
            Flush(_pending.Count, _ => true, acknowledge: append => append.Ledger != found || random.Next(2) == 0);
        else
            Flush(random.Next(_pending.Count + 1), append => append.Ledger == found, acknowledge: _ => random.Next(2) == 0);
        found.IsClosed = true;
        Fail(append => append.Ledger == found);
        return new(found);
    }

    public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        if (_ledgers.Remove(ledger, out var found))
            found.IsDeleted = found.IsClosed = true;
        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => _ledgers.Keys.ToAsyncEnumerable();

    public Task<EntryId> Append(SimulatedLedger ledger, ReadOnlyMemory<byte> entry)
    {
        if (ledger.IsClosed || ledger.HasFailed)
            return Task.FromException<EntryId>(LedgerErrors.Fenced(ledger.Id));
        var append = new PendingAppend(ledger, entry.ToArray());
        _pending.Add(append);
        return SkipsFlush ? Task.FromResult(new EntryId(0)) : append.Acknowledged.Task;
    }

    /// <summary>Makes appends durable and notifies the owner: the first of all, or of one ledger where ledgers are not ordered.</summary>
    public void FlushSome()
    {
        var ledger = _pending[random.Next(_pending.Count)].Ledger;
        Flush(random.Next(1, _pending.Count + 1), append => ordered || append.Ledger == ledger, _ => true);
    }

    /// <summary>Makes everything durable that was appended to a ledger.</summary>
    public void Flush(LedgerId ledger) => Flush(_pending.Count, append => append.Ledger.Id == ledger, _ => true);

    /// <summary>Makes what was appended to a ledger durable, or loses it; its writer hears neither and has failed.</summary>
    public void Fail(LedgerId ledger, bool written)
    {
        Flush(written ? _pending.Count : 0, append => append.Ledger.Id == ledger, acknowledge: _ => false);
        _ledgers[ledger].HasFailed = true;
        Fail(append => append.Ledger.Id == ledger);
    }

    /// <summary>One append of a ledger fails, and with it the ledger; whether it was written is unknown.</summary>
    public void FailOne()
    {
        var ledger = _pending[random.Next(_pending.Count)].Ledger;
        if (random.Next(2) == 0)
            Flush(1, append => append.Ledger == ledger, acknowledge: _ => false);
        Fail(ledger.Id, written: false);
    }

    /// <summary>The machine stops: a part of what was accepted is found later, in order, the rest never was.</summary>
    public void Crash()
    {
        if (ordered)
            Flush(random.Next(_pending.Count + 1), _ => true, acknowledge: _ => false);
        else
        {
            foreach (var ledger in _pending.Select(append => append.Ledger).Distinct().ToArray())
                Flush(random.Next(_pending.Count + 1), append => append.Ledger == ledger, acknowledge: _ => false);
        }
        _pending.Clear();
    }

    private void Flush(int count, Func<PendingAppend, bool> which, Func<PendingAppend, bool> acknowledge)
    {
        var silent = new HashSet<SimulatedLedger>();
        foreach (var append in _pending.Where(which).Take(count).ToArray())
        {
            _pending.Remove(append);
            var id = append.Ledger.Keep(append.Entry);
            if (silent.Contains(append.Ledger) || !acknowledge(append))
            {
                silent.Add(append.Ledger);
                append.Fail();
            }
            else
            {
                append.Acknowledged.TrySetResult(id);
            }
        }
    }

    private void Fail(Predicate<PendingAppend> which)
    {
        foreach (var append in _pending.FindAll(which))
            append.Fail();
        _pending.RemoveAll(which);
    }

    private sealed class PendingAppend(SimulatedLedger ledger, byte[] entry)
    {
        public SimulatedLedger Ledger { get; } = ledger;

        public byte[] Entry { get; } = entry;

        public TaskCompletionSource<EntryId> Acknowledged { get; } = new();

        public void Fail() => Acknowledged.TrySetException(
            new InDoubtException(ErrorCode.StoreFailed, $"An append to ledger {Ledger.Id} ended without an answer."));
    }
}

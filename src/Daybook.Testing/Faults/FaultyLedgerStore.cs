using Daybook.Ledgers;

namespace Daybook.Testing.Faults;

/// <summary>
/// A ledger store that injects faults into one that works: holds appends or their acknowledgements back, fails them, loses
/// what it holds, or breaks a promise of the contract on purpose so that a checker can be shown to notice. One order of what is held is kept
/// over all ledgers; on a store that orders across ledgers nothing overtakes what is held.
/// </summary>
/// <param name="inner">The store that works.</param>
public sealed class FaultyLedgerStore(ILedgerStore inner) : ILedgerStore
{
    private readonly HeldAppends _held = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<LedgerId, LedgerFaults> _faults = [];
    private readonly LedgerFaults _everywhere = new();
    private readonly HashSet<LedgerId> _ended = [];
    private int _losses;

    /// <inheritdoc/>
    public int MaxEntryBytes => inner.MaxEntryBytes;

    /// <inheritdoc/>
    public bool OrdersAcrossLedgers => inner.OrdersAcrossLedgers;

    /// <inheritdoc/>
    public bool ListsLocally => inner.ListsLocally;

    /// <summary>Seeded bug: recovery returns the end of the ledger but neither fences nor closes it.</summary>
    public bool DropFence { get; set; }

    /// <summary>Seeded bug: an append that is held is acknowledged immediately, so <see cref="LoseHeld"/> loses acknowledged entries.</summary>
    public bool AcknowledgeEarly { get; set; }

    /// <summary>Breach of the contract: appends throw this from their call instead of giving a task that fails. Null for none.</summary>
    public Func<Exception>? ThrowFromAppends { get; set; }

    /// <summary>While it is not completed, reads of entries do not come back, and pay no attention to their tokens. Null for none.</summary>
    public Task? StuckReads { get; set; }

    /// <summary>The failure of every read of a ledger; null, or a null result, to let reads through.</summary>
    public Func<LedgerId, Exception?>? ThrowFromReads { get; set; }

    /// <summary>How many appends are held.</summary>
    public int HeldCount => _held.Count;

    /// <summary>Holds appends back from now on: accepted, but neither written nor acknowledged before <see cref="Release"/>.</summary>
    /// <param name="ledger">Null for every ledger.</param>
    public void Hold(LedgerId? ledger = null) => For(ledger).Holds = HoldMode.Writes;

    /// <summary>Holds acknowledgements back from now on: entries are written, but not acknowledged before <see cref="Release"/>.</summary>
    /// <param name="ledger">Null for every ledger.</param>
    public void HoldAcknowledgements(LedgerId? ledger = null) => For(ledger).Holds = HoldMode.Acknowledgements;

    /// <summary>Passes on what is held, in order, and stops holding.</summary>
    /// <param name="ledger">Null for every ledger.</param>
    public void Release(LedgerId? ledger = null)
    {
        For(ledger).Holds = HoldMode.None;
        _held.Release(ledger, int.MaxValue);
    }

    /// <summary>Passes on the first appends that are held, and goes on holding.</summary>
    public void ReleaseNext(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _held.Release(ledger: null, count);
    }

    /// <summary>Waits until the given number of appends is held.</summary>
    public Task WhenHeldAsync(int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _held.WhenCountAsync(count, cancellationToken);
    }

    /// <summary>Loses what is held, as a crash of the machine does: the first <paramref name="keep"/> are written, the others never; tasks fail with
    /// <see cref="ErrorCode.StoreFailed"/>, and so does every later append of these writers. On a store that orders across ledgers every writer
    /// there is dies with them, since nothing may become durable after what was lost.</summary>
    public void LoseHeld(int keep = 0)
    {
        lock (Order)
        {
            _held.Release(ledger: null, keep);
            _held.FailAll();
            _losses++;
        }
    }

    /// <summary>Makes the next append and all after it on its ledger fail as the contract allows: outcome unknown, writer dead.</summary>
    /// <param name="ledger">Null for every ledger.</param>
    /// <param name="written">Whether the first of them is written all the same.</param>
    public void FailAppends(LedgerId? ledger = null, bool written = false) =>
        For(ledger).Failure = written ? AppendFailure.Written : AppendFailure.NotWritten;

    /// <summary>Undoes <see cref="FailAppends"/> for writers created later; one that has failed stays dead.</summary>
    /// <param name="ledger">Null for every ledger.</param>
    public void StopFailing(LedgerId? ledger = null) => For(ledger).Failure = AppendFailure.None;

    /// <inheritdoc/>
    public async ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default) =>
        new FaultyLedgerWriter(await inner.CreateAsync(metadata, cancellationToken), this, _held);

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        new FaultyLedgerReader(await inner.OpenAsync(ledger, cancellationToken), this, _held);

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        if (DropFence)
            return new FrozenLedgerReader(await inner.OpenAsync(ledger, cancellationToken));
        End(ledger);
        return new FaultyLedgerReader(await inner.RecoverAsync(ledger, cancellationToken), this, _held);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        End(ledger);
        return inner.DeleteAsync(ledger, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

    /// <summary>Held while an append is accepted or lost, so that on an ordered store no append slips in after one that is being lost.</summary>
    internal Lock Order { get; } = new();

    /// <summary>Counts the losses that end every writer there is; those of an unordered store end only the writers that lost something.</summary>
    internal int Losses => OrdersAcrossLedgers ? _losses : 0;

    internal HoldMode HoldsOf(LedgerId ledger)
    {
        if (OrdersAcrossLedgers && _held.AnyUnwritten)
            return HoldMode.Writes;
        return (HoldMode)Math.Max((int)_everywhere.Holds, (int)For(ledger).Holds);
    }

    internal AppendFailure FailureOf(LedgerId ledger) =>
        (AppendFailure)Math.Max((int)_everywhere.Failure, (int)For(ledger).Failure);

    /// <summary>Whether an append must be refused in its call: on an ordered store one that is accepted is never refused later.</summary>
    internal bool IsEnded(LedgerId ledger) => _ended.Contains(ledger);

    /// <summary>On an ordered store the fence or deletion takes its place behind everything accepted before it.</summary>
    private void End(LedgerId ledger)
    {
        if (!OrdersAcrossLedgers)
            return;
        lock (Order)
        {
            _held.WriteAll();
            _ended.Add(ledger);
        }
    }

    private LedgerFaults For(LedgerId? ledger)
    {
        if (ledger is not { } id)
            return _everywhere;
        lock (_lock)
        {
            if (!_faults.TryGetValue(id, out var faults))
                _faults[id] = faults = new LedgerFaults();
            return faults;
        }
    }
}

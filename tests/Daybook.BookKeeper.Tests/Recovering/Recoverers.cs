using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>Two clients that recover the same ledger, die and begin again, and what they returned.</summary>
internal sealed class Recoverers(Func<CancellationToken, ValueTask<VersionedMetadata>> recover)
{
    public const int Count = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly (Task<VersionedMetadata>? Task, CancellationTokenSource? Death)[] _slots = new (Task<VersionedMetadata>?, CancellationTokenSource?)[Count];
    private readonly HashSet<(EntryId, long)> _results = [];

    public bool AreAtWork => _slots.Any(slot => slot.Task is { IsCompleted: false });

    /// <summary>The end and the length of the ledger, as reported by the successful ones.</summary>
    public IReadOnlySet<(EntryId, long)> Results
    {
        get
        {
            for (var slot = 0; slot < Count; slot++)
                Note(slot);
            return _results;
        }
    }

    public string Failures => string.Join("; ", _slots.Select(slot => slot.Task?.Exception?.InnerException?.Message));

    public void Begin(int slot)
    {
        if (_slots[slot].Task is { IsCompleted: false })
            return;
        Note(slot);
        var death = new CancellationTokenSource();
        _slots[slot] = (recover(death.Token).AsTask(), death);
    }

    /// <summary>The client dies. It may notice on another thread, where it does nothing more: waiting for that keeps runs the same.</summary>
    public void Kill(int slot)
    {
        _slots[slot].Death?.Cancel();
        (_slots[slot].Task as IAsyncResult)?.AsyncWaitHandle.WaitOne(s_patience);
    }

    private void Note(int slot)
    {
        if (_slots[slot].Task is { IsCompletedSuccessfully: true, Result.Value: var closed })
            _results.Add((closed.LastEntry, closed.Length));
    }
}

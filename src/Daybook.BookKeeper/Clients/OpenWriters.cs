using System.Collections.Concurrent;

namespace Daybook.BookKeeper.Clients;

/// <summary>The writers of a client that are still in use, so that its readers know immediately what was acknowledged to them.</summary>
internal sealed class OpenWriters
{
    private readonly ConcurrentDictionary<LedgerId, WeakReference<BookKeeperWriter>> _writers = new();

    public void Add(BookKeeperWriter writer)
    {
        foreach (var (ledger, known) in _writers)
        {
            if (!known.TryGetTarget(out _))
                _writers.TryRemove(ledger, out _);
        }
        _writers[writer.Id] = new WeakReference<BookKeeperWriter>(writer);
    }

    /// <summary><see cref="EntryId.None"/> when the ledger's writer is not here.</summary>
    public EntryId LastAddConfirmedOf(LedgerId ledger) =>
        _writers.TryGetValue(ledger, out var known) && known.TryGetTarget(out var writer) ? writer.LastAddConfirmed : EntryId.None;
}

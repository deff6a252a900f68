using System.Runtime.CompilerServices;
using Daybook.Ledgers;

namespace Daybook.Core.Tests.Simulation;

/// <summary>A ledger of a <see cref="SimulatedStore"/>: what is durable, and the ends that its writer and its readers hold.</summary>
internal sealed class SimulatedLedger(LedgerId id, ReadOnlyMemory<byte> metadata, SimulatedStore store) : ILedgerReader, ILedgerWriter
{
    private readonly List<byte[]> _durable = [];

    public LedgerId Id => id;

    public ReadOnlyMemory<byte> Metadata => metadata;

    public bool IsClosed { get; set; }

    public bool IsDeleted { get; set; }

    public bool HasFailed { get; set; }

    public EntryId LastAddConfirmed => new(_durable.Count - 1);

    public EntryId Keep(byte[] entry)
    {
        _durable.Add(entry);
        return LastAddConfirmed;
    }

    /// <summary>The ledger as it is now, for a reader that takes it for closed.</summary>
    public SimulatedLedger Copy()
    {
        var copy = new SimulatedLedger(id, metadata, store) { IsClosed = true };
        copy._durable.AddRange(_durable);
        return copy;
    }

    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry) => store.Append(this, entry);

    public ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default) =>
        IsDeleted ? ValueTask.FromException<LedgerEntry>(LedgerErrors.NoSuchLedger(id))
        : entry.Value >= 0 && entry <= LastAddConfirmed ? new(new LedgerEntry(entry, _durable[(int)entry.Value]))
        : ValueTask.FromException<LedgerEntry>(LedgerErrors.NoSuchEntry(id, entry, LastAddConfirmed));

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(
        EntryId first, EntryId last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var entry = first; entry <= last; entry = entry.Next)
            yield return await ReadAsync(entry, cancellationToken);
    }

    public ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default) => new(entry <= LastAddConfirmed);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

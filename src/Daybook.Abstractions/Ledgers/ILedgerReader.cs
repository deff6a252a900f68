namespace Daybook.Ledgers;

/// <summary>A view of a ledger's entries. Safe for many threads.</summary>
public interface ILedgerReader
{
    /// <summary>The ledger.</summary>
    LedgerId Id { get; }

    /// <summary>What the creator recorded about the ledger; empty for nothing.</summary>
    ReadOnlyMemory<byte> Metadata { get; }

    /// <summary>True once the ledger is closed: <see cref="LastAddConfirmed"/> is then its last entry, for ever.</summary>
    bool IsClosed { get; }

    /// <summary>The last entry that may be read: acknowledged to its writer, as far as this reader knows.</summary>
    EntryId LastAddConfirmed { get; }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NoSuchEntry"/> beyond <see cref="LastAddConfirmed"/>,
    /// <see cref="ErrorCode.Corrupted"/> for damaged bytes (never the former, S5), <see cref="ErrorCode.NoSuchLedger"/> after deletion.</exception>
    ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default);

    /// <summary>Reads entries in order, both ends included, in large blocks.</summary>
    /// <exception cref="DaybookException">As for <see cref="ReadAsync(EntryId, CancellationToken)"/>.</exception>
    IAsyncEnumerable<LedgerEntry> ReadAsync(EntryId first, EntryId last, CancellationToken cancellationToken = default);

    /// <summary>Waits until <paramref name="entry"/> may be read or the ledger is closed.</summary>
    /// <returns>True when the entry may be read; false when the ledger closed before it.</returns>
    ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default);
}

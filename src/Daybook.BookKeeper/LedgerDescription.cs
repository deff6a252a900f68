using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper;

/// <summary>The metadata of a ledger at one moment.</summary>
public sealed record LedgerDescription
{
    /// <summary>The ledger.</summary>
    public required LedgerId Ledger { get; init; }

    /// <summary>Over how many bookies its entries are striped (E).</summary>
    public required int Ensemble { get; init; }

    /// <summary>To how many each entry is written (Qw).</summary>
    public required int WriteQuorum { get; init; }

    /// <summary>How many must have it before it is acknowledged (Qa).</summary>
    public required int AckQuorum { get; init; }

    /// <summary>Null in metadata of version 1, which lack it.</summary>
    public required DigestType? Digest { get; init; }

    /// <summary>True once its end is fixed for ever.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>True while a recovering client is at work, or has failed at it.</summary>
    public required bool IsInRecovery { get; init; }

    /// <summary>The last entry of a closed ledger; <see cref="EntryId.None"/> of an empty one and while it is not closed.</summary>
    public required EntryId LastEntry { get; init; }

    /// <summary>The bytes of all entries of a closed ledger; 0 while it is not closed.</summary>
    public required long Length { get; init; }

    /// <summary>From which entry on which bookies hold it, in ascending order.</summary>
    public required IReadOnlyList<LedgerFragment> Fragments { get; init; }

    /// <summary>What its creator attached.</summary>
    public required IReadOnlyDictionary<string, ReadOnlyMemory<byte>> CustomMetadata { get; init; }

    internal static LedgerDescription Of(LedgerMetadata metadata) => new()
    {
        Ledger = metadata.Ledger,
        Ensemble = metadata.Sizes.Ensemble,
        WriteQuorum = metadata.Sizes.Write,
        AckQuorum = metadata.Sizes.Ack,
        Digest = metadata.Digest,
        IsClosed = metadata.State == LedgerState.Closed,
        IsInRecovery = metadata.State == LedgerState.InRecovery,
        LastEntry = metadata.LastEntry,
        Length = metadata.Length,
        Fragments = [.. metadata.Segments.Select(segment => new LedgerFragment(segment.First, segment.Bookies))],
        CustomMetadata = metadata.Custom,
    };
}

/// <summary>A run of entries on the same bookies.</summary>
/// <param name="First">Its first entry; the next fragment begins where it ends.</param>
/// <param name="Bookies">By position in the ensemble.</param>
public sealed record LedgerFragment(EntryId First, IReadOnlyList<BookieId> Bookies);

using System.Text.Json;

namespace Daybook.Core.Journals;

/// <summary>What a ledger of a book is for.</summary>
internal enum LedgerPurpose
{
    /// <summary>A link of a journal's chain.</summary>
    Journal,

    /// <summary>A recovery point, beside the chain.</summary>
    RecoveryPoint,
}

/// <summary>
/// Where a ledger belongs: recorded in its metadata when it is created, so that ledgers without records, or with those of another book or time, are
/// recognised, and a chain can be put together from ledgers alone. Layout in docs/journal-format.md.
/// </summary>
internal sealed record LedgerOrigin
{
    public int Format { get; init; } = 1;

    public LedgerPurpose Purpose { get; init; }

    public Guid Book { get; init; }

    /// <summary>How many partitions the book has.</summary>
    public int Partitions { get; init; }

    public int Partition { get; init; }

    /// <summary>The owner that created it.</summary>
    public Epoch Epoch { get; init; }

    /// <summary>The offset of its first record; for a recovery point, which is written later, 0.</summary>
    public JournalOffset First { get; init; }

    /// <summary>The ledger before it in the chain; null for the first one and for recovery points.</summary>
    public LedgerId? Previous { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JournalManifestJson.Default.LedgerOrigin);

    /// <summary>Null for a ledger that was created without, or by something else.</summary>
    public static LedgerOrigin? TryRead(ReadOnlySpan<byte> metadata)
    {
        if (metadata.IsEmpty)
            return null;
        try
        {
            return JsonSerializer.Deserialize(metadata, JournalManifestJson.Default.LedgerOrigin);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Which journal of which book.</summary>
/// <param name="Book">The id of the book.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Partition">Whose journal it is.</param>
internal sealed record JournalIdentity(Guid Book, int Partitions, PartitionId Partition)
{
    /// <summary>Under which the coordinator keeps the manifests.</summary>
    public const string Prefix = "journals";

    /// <summary>The key of the manifest.</summary>
    public string Key => $"{Prefix}/{Partition}";

    public LedgerOrigin Link(Epoch epoch, JournalOffset first, LedgerId? previous) =>
        Origin(LedgerPurpose.Journal, epoch) with { First = first, Previous = previous };

    public LedgerOrigin Origin(LedgerPurpose purpose, Epoch epoch) =>
        new() { Purpose = purpose, Book = Book, Partitions = Partitions, Partition = Partition.Value, Epoch = epoch };
}

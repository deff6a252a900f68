namespace Daybook.BookKeeper;

/// <summary>How a new ledger is kept. The defaults survive the loss of one bookie of three.</summary>
public sealed record CreateLedgerOptions
{
    /// <summary>Over how many bookies the entries are striped (E). Default 3.</summary>
    public int Ensemble { get; init; } = 3;

    /// <summary>To how many of them each entry is written (Qw), at most <see cref="Ensemble"/>. Default 3.</summary>
    public int WriteQuorum { get; init; } = 3;

    /// <summary>How many must have an entry before it is acknowledged (Qa), at most <see cref="WriteQuorum"/>. Default 2.</summary>
    public int AckQuorum { get; init; } = 2;

    /// <summary>How entries are protected against damage. Default CRC-32C.</summary>
    public DigestType Digest { get; init; } = DigestType.Crc32C;

    /// <summary>What a client must know to write, recover or read the ledger. It stands in the metadata in the clear, as BookKeeper keeps it. Default empty.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>What is attached to the metadata. Default nothing.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> CustomMetadata { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>The id of the ledger; null (the default) has the cluster make one up.</summary>
    public LedgerId? Ledger { get; init; }

    /// <summary>Whether the time of creation is stored in the metadata. Default no, as in BookKeeper.</summary>
    public bool StoreCreationTime { get; init; }
}

using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Store;

/// <summary>How a book keeps its ledgers on BookKeeper.</summary>
public sealed record BookKeeperStoreOptions
{
    /// <summary>Over how many bookies the entries of a ledger are striped (E). Default 3.</summary>
    public int Ensemble { get; init; } = 3;

    /// <summary>To how many of them each entry is written (Qw). Default 3.</summary>
    public int WriteQuorum { get; init; } = 3;

    /// <summary>How many must have an entry on their device before it is acknowledged (Qa). Default 2. One fewer than that may be lost at any time.</summary>
    public int AckQuorum { get; init; } = 2;

    /// <summary>
    /// Whether a new ledger may do with fewer bookies than <see cref="Ensemble"/> while fewer take writes, down to <see cref="AckQuorum"/>.
    /// What is acknowledged has as many copies as ever; only fewer further bookies may fail while that ledger is written. Default yes.
    /// </summary>
    public bool AllowSmallerEnsembles { get; init; } = true;

    /// <summary>Protects entries against damage. Default <see cref="DigestType.Crc32C"/>.</summary>
    public DigestType Digest { get; init; } = DigestType.Crc32C;

    /// <summary>The password of the ledgers; it keeps programs from taking each other's ledgers by mistake, and stands in the clear in ZooKeeper. Default none.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>Stands in each ledger's metadata, so that a cluster can be shared: only ledgers with this name are listed. Default <c>daybook</c>.</summary>
    public string Book { get; init; } = "daybook";

    internal QuorumSizes Sizes => new(Ensemble, WriteQuorum, AckQuorum);

    internal void Validate()
    {
        if (Sizes.Problem is { } problem)
            throw new BookKeeperException(BookKeeperError.IncorrectParameter, problem);
        if (string.IsNullOrEmpty(Book))
            throw new BookKeeperException(BookKeeperError.IncorrectParameter, $"the option {nameof(BookKeeperStoreOptions)}.{nameof(Book)} is empty");
    }
}

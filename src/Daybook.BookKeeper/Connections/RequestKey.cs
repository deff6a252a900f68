namespace Daybook.BookKeeper.Connections;

/// <summary>What is asked of a bookie.</summary>
internal enum BookieOperation
{
    Add,
    Read,

    /// <summary>A read on the wire; apart, as it takes its time.</summary>
    LongPoll,
    BatchRead,
    WriteLac,
    ReadLac,
    Force,
    List,
    Info,
}

/// <summary>What an answer is matched to its request by: over v3 the transaction; over v2 ledger and entry, or the request id of a batch read.</summary>
/// <param name="Operation">The operation on the wire.</param>
/// <param name="First">The transaction, the ledger, or the request id.</param>
/// <param name="Second">The entry, or 0.</param>
internal readonly record struct RequestKey(BookieOperation Operation, long First, long Second)
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        (int)(((((ulong)First * Spread) ^ (ulong)Second) * Spread + (ulong)Operation) >> 20);
}

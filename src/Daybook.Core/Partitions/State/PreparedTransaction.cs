using Daybook.Core.Records;

namespace Daybook.Core.Partitions.State;

/// <summary>A yes of this partition that still waits for the decision (invariant T2).</summary>
/// <param name="Id">The transaction.</param>
/// <param name="At">The prepared record: the events stand there and nowhere else.</param>
/// <param name="Writes">What it will do to each stream once committed.</param>
internal sealed record PreparedTransaction(TransactionId Id, Location At, IReadOnlyList<PreparedWrite> Writes);

/// <summary>The effect of a prepared transaction on one stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="LastVersion">The version it will have.</param>
internal readonly record struct PreparedWrite(string Stream, long LastVersion);

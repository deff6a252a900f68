using Daybook.Core.Modeling;
using Microsoft.Extensions.Logging;

namespace Daybook.Core.Partitions;

/// <summary>What all partitions of a book share.</summary>
internal sealed record PartitionServices
{
    public required BookOwnership Ownership { get; init; }

    public required BookReadiness Readiness { get; init; }

    public required BookModel Model { get; init; }

    public required PartitionMap Map { get; init; }

    public required PartitionLimits Limits { get; init; }

    public required int CommandWindow { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Logging { get; init; }
}

using Microsoft.Extensions.Logging;

namespace Daybook.Projections;

internal static partial class ProjectionLog
{
    internal static void StateChanged(this ILogger logger, string projection, PartitionId partition, ProjectionState state,
        JournalOffset checkpoint, string? reason, Exception? error)
    {
        if (state is ProjectionState.Stopped && error is DaybookException { Code: ErrorCode.OtherBook })
            logger.Refused(projection, partition, reason);
        else if (state is ProjectionState.Parked)
            logger.Parked(projection, partition, checkpoint, reason, error);
        else if (state is ProjectionState.Retrying)
            logger.Retrying(projection, partition, checkpoint, reason);
        else if (reason is null)
            logger.Became(projection, partition, state, checkpoint);
        else
            logger.Became(projection, partition, state, checkpoint, reason);
    }

    [LoggerMessage(1, LogLevel.Error, "{Projection} on partition {Partition} is parked at offset {Checkpoint}: {Reason}")]
    private static partial void Parked(this ILogger logger, string projection, PartitionId partition, JournalOffset checkpoint, string? reason, Exception? error);

    [LoggerMessage(2, LogLevel.Warning, "{Projection} on partition {Partition} tries again from offset {Checkpoint}: {Reason}")]
    private static partial void Retrying(this ILogger logger, string projection, PartitionId partition, JournalOffset checkpoint, string? reason);

    [LoggerMessage(6, LogLevel.Error, "{Projection} on partition {Partition} did not stop within {Seconds} s, because its code does not return. " +
        "It is left behind; have its code return and obey its cancellation token")]
    internal static partial void LeftBehind(this ILogger logger, string projection, PartitionId partition, double seconds);

    [LoggerMessage(4, LogLevel.Error, "{Projection} on partition {Partition} is stopped: {Reason}")]
    private static partial void Refused(this ILogger logger, string projection, PartitionId partition, string? reason);

    [LoggerMessage(3, LogLevel.Information, "{Projection} on partition {Partition} is {State} at offset {Checkpoint}")]
    private static partial void Became(this ILogger logger, string projection, PartitionId partition, ProjectionState state, JournalOffset checkpoint);

    [LoggerMessage(5, LogLevel.Information, "{Projection} on partition {Partition} is {State} at offset {Checkpoint}: {Reason}")]
    private static partial void Became(this ILogger logger, string projection, PartitionId partition, ProjectionState state, JournalOffset checkpoint, string reason);
}

namespace Daybook.Projections;

/// <summary>How projections are run. Copied when a host is made.</summary>
public sealed record ProjectionOptions
{
    /// <summary>About how many journal records are applied in one transaction of the sink; from 1. Default 8,192.</summary>
    public int BatchRecords { get; init; } = 8192;

    /// <summary>
    /// About how many records are applied in one transaction while a projection is that far behind: the more, the fewer times each document is
    /// written. Each projection and partition then holds two such batches in memory. From 1; <see cref="BatchRecords"/> when that is more. Default 32,768.
    /// </summary>
    public int CatchUpRecords { get; init; } = 32_768;

    /// <summary>The pause after the first failed attempt; doubles with each further one. Default 100 ms.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two attempts. Default 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many times in a row a failure that is not known to pass is tried before the projection is parked; from 1. Default 10, about 45 s.</summary>
    public int AttemptsBeforeParking { get; init; } = 10;

    /// <summary>How long a projection may be starting or retrying before it counts as overdue, and makes the health check red. Default 30 s.</summary>
    public TimeSpan OverdueAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks the values.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the option.</exception>
    public void Validate()
    {
        Require(BatchRecords >= 1, nameof(BatchRecords), "must be at least 1");
        Require(CatchUpRecords >= 1, nameof(CatchUpRecords), "must be at least 1");
        Require(FirstRetryDelay > TimeSpan.Zero, nameof(FirstRetryDelay), "must be longer than zero");
        Require(MaxRetryDelay >= FirstRetryDelay, nameof(MaxRetryDelay), $"must not be shorter than {nameof(FirstRetryDelay)}");
        Require(AttemptsBeforeParking >= 1, nameof(AttemptsBeforeParking), "must be at least 1");
        Require(OverdueAfter > TimeSpan.Zero, nameof(OverdueAfter), "must be longer than zero");
    }

    internal int RecordsOf(long behind) => behind >= CatchUpRecords ? Math.Max(BatchRecords, CatchUpRecords) : BatchRecords;

    internal ProjectionOptions InBatchesOf(int records) =>
        this with { BatchRecords = Math.Min(BatchRecords, records), CatchUpRecords = Math.Min(CatchUpRecords, records) };

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
            throw new DaybookException(ErrorCode.InvalidArgument, $"{nameof(ProjectionOptions)}.{option} {rule}.");
    }
}

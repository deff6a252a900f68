namespace Daybook.Core.Partitions;

/// <summary>How clients hear of the end of an ownership.</summary>
internal static class PartitionErrors
{
    /// <summary>For a question that only a sure owner may answer.</summary>
    public static DaybookException Unsure(PartitionId partition) => new(ErrorCode.NotOwner,
        $"Partition {partition} cannot be sure to be owned here: its lease is not valid at the moment. Ask again; nothing was written.");

    /// <summary>
    /// For work that nothing was written of and never will be. The cause may be an append of unknown outcome, but that was somebody else's:
    /// this work can simply be sent again.
    /// </summary>
    public static DaybookException NothingWritten(PartitionId partition, DaybookException why) =>
        why.Code is ErrorCode.NotOwner or ErrorCode.Closed
            ? why
            : new DaybookException(ErrorCode.NotOwner, $"Partition {partition} has lost its owner ({why.Message}); nothing was written.", why);
}

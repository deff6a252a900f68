using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Partitions;

/// <summary>
/// How clients hear of the end of an ownership. The cause is a sentence, or an error, that does not state what happened to a client's work:
/// only the place that answers the client knows that.
/// </summary>
internal static class PartitionErrors
{
    private const string SendAgain = "Nothing was written; send again with the same id.";

    /// <summary>The cause of an ownership that its lease ended.</summary>
    public static DaybookException LeaseLost() => new(ErrorCode.NotOwner, "Its lease was lost.");

    /// <summary>The cause of an ownership that a handler ended.</summary>
    public static DaybookException HandlerStuck() => new(ErrorCode.NotOwner, "A handler did not return; the partition recovers without it.");

    /// <summary>For a question that only a sure owner may answer.</summary>
    public static DaybookException Unsure(PartitionId partition) => new(ErrorCode.NotOwner,
        $"Partition {partition} cannot be sure to be owned here: its lease is not valid at the moment. Ask again; nothing was written.");

    /// <summary>
    /// For work that nothing was written of and never will be. The cause may be an append of unknown outcome, but that was somebody else's:
    /// this work can simply be sent again.
    /// </summary>
    public static DaybookException NothingWritten(PartitionId partition, DaybookException why) =>
        why.Code is ErrorCode.Closed ? why : new DaybookException(ErrorCode.NotOwner, $"Partition {partition} has lost its owner. {Cause(why)} {SendAgain}", why);

    /// <summary>For a command whose id another one has.</summary>
    /// <param name="work">The command.</param>
    /// <param name="recorded">The name of the command that was recorded under the id.</param>
    public static DaybookException Reused(WriteWork work, string recorded) => new(ErrorCode.CommandIdReused,
        $"The id {work.Id} belongs to the command '{recorded}' that was sent before; now '{work.Name}' came under it" +
        $"{(recorded == work.Name ? ", with other content" : "")}. Give each intention an id of its own; nothing was written.");

    /// <summary>For a request that finds no owner, while one is being sought.</summary>
    public static DaybookException NoOwner(PartitionId partition, DaybookException? why) => new(ErrorCode.NotOwner,
        $"Partition {partition} is not owned here at the moment. {(why is null ? "" : $"{Cause(why)} ")}{SendAgain}", why);

    /// <summary>For a request to a partition that no attempt will take over until somebody mends what is wrong.</summary>
    public static DaybookException Stopped(PartitionId partition, DaybookException why) => new(why.Code,
        $"Partition {partition} has no owner and cannot be taken over. {Cause(why)} Nothing was written.", why);

    /// <summary>Whether trying a takeover again helps only after somebody has mended something.</summary>
    public static bool IsLasting(DaybookException why) =>
        why is not InDoubtException && !why.IsTransient && why.Code is not (ErrorCode.StaleEpoch or ErrorCode.LedgerFenced or ErrorCode.LedgerClosed);

    /// <summary>The cause as a sentence. A write of unknown outcome was somebody else's; what is known about it is why it failed.</summary>
    private static string Cause(DaybookException why) =>
        $"{(why is InDoubtException ? why.InnerException?.Message ?? "A write to its journal failed" : why.Message).TrimEnd('.')}.";
}

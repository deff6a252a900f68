namespace Daybook.Core.Partitions.Work;

/// <summary>An answer that waits until everything recorded before it is durable (<see cref="PartitionMachine.WhenDurable"/>).</summary>
internal sealed class DurableAnswer<TResult>(ClientWork<TResult> work, TResult answer) : WorkItem
{
    public override void Run(PartitionMachine machine) => work.Answer(answer);

    public override void Refuse(DaybookException why) => work.Refuse(why);
}

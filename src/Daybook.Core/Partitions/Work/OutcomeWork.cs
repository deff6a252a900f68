using Daybook.Core.Partitions.State;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions.Work;

/// <summary>Asks a partition where the record of a command stands, once that record is durable.</summary>
internal sealed class OutcomeWork(CommandId id) : ClientWork<Location?>
{
    public CommandId Id { get; } = id;

    public override void Run(PartitionMachine machine) => machine.Begin(this);

    public override void Entered(PartitionMachine machine, StreamHead head) => throw Misplaced();

    public override void Loaded(PartitionMachine machine, StreamHead head) => throw Misplaced();

    public override void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error) => throw Misplaced();

    private static InvalidOperationException Misplaced() => new("A question for an outcome waits for no stream.");
}

using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions.Work;

/// <summary>A command or an append on its way through its partition.</summary>
internal abstract class WriteWork(CommandId id, CommandOptions options, string? traceParent) : ClientWork<Outcome>
{
    public CommandId Id { get; } = id;

    public CommandOptions Options { get; } = options;

    public string? TraceParent { get; } = traceParent;

    /// <summary>The first aggregate named; the only one of most commands.</summary>
    public abstract Target First { get; }

    /// <summary>All aggregates named, when there are several; null for one.</summary>
    public virtual Target[]? All => null;

    /// <summary>What the sender believes the version of the only aggregate to be.</summary>
    public virtual ExpectedVersion Expected => Options.ExpectedVersion;

    /// <summary>False when the decision does not look at states, so none needs to be loaded.</summary>
    public virtual bool NeedsState => true;

    /// <summary>Calls the pure handler.</summary>
    public abstract Decision Decide(ReadOnlySpan<object?> states, CommandContext context);

    /// <summary>Distinguishes it from another command under the same id.</summary>
    public abstract ulong Fingerprint { get; }

    /// <summary>What it is called in errors.</summary>
    public abstract string Name { get; }

    /// <summary>The error for events that cannot be recorded.</summary>
    public virtual DaybookException Unrecordable(DaybookException why) =>
        new(ErrorCode.HandlerFailed, $"What the handler of '{Name}' decided cannot be recorded: {why.Message}", why);

    public CommandHeader Header(long timeTicks) => new(Id, timeTicks, Options, TraceParent, Fingerprint);

    public override void Foresee(PartitionMachine machine) => machine.State.Commands.Prefetch(Id);

    public override void Run(PartitionMachine machine) => machine.Begin(this);

    public override void Entered(PartitionMachine machine, StreamHead head) => machine.Execute(this, head);

    public override void Loaded(PartitionMachine machine, StreamHead head) => machine.Execute(this, head);

    public override void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error)
    {
        machine.Leave(head, this);
        Fail(error);
    }
}

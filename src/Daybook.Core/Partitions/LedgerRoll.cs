using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Partitions;

/// <summary>
/// Takes a journal from one ledger to the next: holds new work back, lets everything in flight become durable, has the next ledger listed,
/// and goes on. Only between entries, so offsets stay dense and no later entry is ever durable before an earlier one.
/// </summary>
internal sealed class LedgerRoll(PartitionOwner owner, PartitionMachine machine, long ledgerBytes)
{
    private readonly PartitionOwner _owner = owner;
    private readonly Queue<WorkItem> _held = [];
    private bool _changing;

    public bool IsUnderWay { get; private set; }

    /// <summary>Keeps a piece of work for later while a roll is under way; news of durable entries passes.</summary>
    public bool Holds(WorkItem work)
    {
        if (!IsUnderWay || work is EntryDurable or Rolled or PartitionOwner.Failure)
            return false;
        _held.Enqueue(work);
        return true;
    }

    /// <summary>Called at the end of each turn.</summary>
    public void Continue()
    {
        IsUnderWay |= machine.Batches.LedgerBytes > ledgerBytes;
        if (!IsUnderWay || _changing || machine.Batches.InFlight > 0 || machine.Batches.Open.HasRecords)
            return;
        _changing = true;
        _ = ChangeAsync(machine.Batches.Open.Entry.Next);
    }

    /// <summary>The owner failed: nobody will take what was held.</summary>
    public void Refuse(DaybookException why)
    {
        while (_held.TryDequeue(out var work))
            work.Refuse(why);
    }

    private async Task ChangeAsync(JournalOffset next)
    {
        try
        {
            await _owner.Journal.RollAsync(next, CancellationToken.None).ConfigureAwait(false);
            _owner.Post(new Rolled(this));
        }
        catch (Exception e)
        {
            _owner.Stop(e as DaybookException
                ?? new DaybookException(ErrorCode.StoreFailed, $"The journal of partition {_owner.Id} could not go on in a new ledger: {e.Message}", e));
        }
    }

    private sealed class Rolled(LedgerRoll roll) : OwnerNews
    {
        public override void Run(PartitionMachine machine)
        {
            machine.Batches.Roll(roll._owner.Journal.Ledger);
            (roll.IsUnderWay, roll._changing) = (false, false);
            while (roll._held.TryDequeue(out var work))
                machine.Take(work);
        }
    }
}

using Daybook.Ledgers;
using static Daybook.Embedded.Tests.Store.Crashes.ModelViolationException;

namespace Daybook.Embedded.Tests.Store.Crashes;

/// <summary>What a ledger may and must look like: what was accepted, and what of it was acknowledged.</summary>
internal sealed class ModelLedger(LedgerId id)
{
    private readonly List<(byte[] Bytes, long Order)> _entries = [];
    private readonly List<Task<EntryId>> _inFlight = [];

    public LedgerId Id => id;

    /// <summary>Null after a restart.</summary>
    public ILedgerWriter? Writer { get; set; }

    /// <summary>Place of the accepted end in the order of the store, and whether it was acknowledged.</summary>
    public (long Order, long Last, bool Acknowledged)? End { get; set; }

    /// <summary>Place of the accepted deletion in the order of the store, and whether it was acknowledged.</summary>
    public (long Order, bool Acknowledged)? Deletion { get; set; }

    public long Accepted => _entries.Count;

    public long Acknowledged { get; private set; }

    public void Accept(byte[] bytes, long order, Task<EntryId> append)
    {
        _entries.Add((bytes, order));
        _inFlight.Add(append);
    }

    /// <summary>Counts what has been acknowledged since.</summary>
    public void CountAcknowledged()
    {
        var done = _inFlight.TakeWhile(append => append.IsCompletedSuccessfully).Count();
        for (var i = 0; i < done; i++)
            Require(_inFlight[i].Result.Value == Acknowledged + i, $"ledger {id} acknowledged entry {_inFlight[i].Result} as the {Acknowledged + i}th");
        Acknowledged += done;
        _inFlight.RemoveRange(0, done);
        if (End is { Acknowledged: true } end)
            Require(Acknowledged <= end.Last + 1, $"F1: ledger {id} acknowledged entry {Acknowledged - 1} after it was ended at {end.Last}");
    }

    /// <summary>Compares with what is found after a restart, and takes that as the truth from there on.</summary>
    /// <returns>The highest place in the store's order that survived, and the lowest that did not.</returns>
    public async Task<(long Survived, long Lost)> ReconcileAsync(ILedgerReader found)
    {
        var count = found.LastAddConfirmed.Value + 1;
        Require(count >= Acknowledged, $"S1: ledger {id} has {count} entries, {Acknowledged} were acknowledged");
        Require(count <= Accepted, $"ledger {id} has {count} entries, {Accepted} were appended");
        await CompareAsync(found, count);
        var survived = count > 0 ? _entries[(int)count - 1].Order : -1;
        var lost = count < Accepted ? _entries[(int)count].Order : long.MaxValue;
        _entries.RemoveRange((int)count, (int)(Accepted - count));
        _inFlight.Clear();
        (Acknowledged, Writer) = (count, null);
        if (found.IsClosed)
        {
            Require(End?.Last == count - 1, $"ledger {id} is closed at {count - 1} but was ended at {End?.Last}");
            survived = Math.Max(survived, End!.Value.Order);
            End = End.Value with { Acknowledged = true };
        }
        else if (End is { } end)
        {
            Require(!end.Acknowledged, $"S2: the end of ledger {id} was acknowledged and is gone");
            (lost, End) = (Math.Min(lost, end.Order), null);
        }
        return (survived, lost);
    }

    private async Task CompareAsync(ILedgerReader found, long count)
    {
        if (count == 0)
            return;
        await foreach (var entry in found.ReadAsync(new EntryId(0), new EntryId(count - 1)))
            Require(
                entry.Data.Span.SequenceEqual(_entries[(int)entry.Id.Value].Bytes), $"entry {entry.Id} of ledger {id} reads back differently");
    }
}

using Daybook.Core.Journals;
using Daybook.Core.Records;
using Daybook.Ledgers;

namespace Daybook.Core.Auditing;

/// <summary>A ledger as the store has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Origin">Where it belongs; null for one of the first format.</param>
/// <param name="Last">Its last entry that may be read.</param>
internal sealed record FoundLedger(LedgerId Id, LedgerOrigin? Origin, EntryId Last)
{
    private const int KindOffset = EntryFrame.HeaderBytes + sizeof(int);

    public bool IsEmpty => Last == EntryId.None;

    /// <summary>All ledgers of a store; one that is deleted meanwhile is left out.</summary>
    public static async ValueTask<List<FoundLedger>> AllAsync(ILedgerStore ledgers, CancellationToken cancellationToken)
    {
        var found = new List<FoundLedger>();
        await foreach (var id in ledgers.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(ledgers, id, cancellationToken).ConfigureAwait(false) is { } ledger)
                found.Add(ledger);
        }
        return found;
    }

    /// <summary>Null for a ledger that does not exist.</summary>
    public static async ValueTask<FoundLedger?> FindAsync(ILedgerStore ledgers, LedgerId id, CancellationToken cancellationToken)
    {
        try
        {
            var reader = await ledgers.OpenAsync(id, cancellationToken).ConfigureAwait(false);
            return new FoundLedger(id, LedgerOrigin.TryRead(reader.Metadata.Span), reader.LastAddConfirmed);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.NoSuchLedger)
        {
            return null;
        }
    }

    /// <summary>Whether it holds records of a journal, which only a chain may. A first entry that cannot be read may be one.</summary>
    public async ValueTask<bool> HoldsRecordsAsync(ILedgerStore ledgers, CancellationToken cancellationToken)
    {
        if (IsEmpty)
            return false;
        if (Origin is { } origin)
            return origin.Purpose == LedgerPurpose.Journal;
        var reader = await ledgers.OpenAsync(Id, cancellationToken).ConfigureAwait(false);
        var first = await reader.ReadAsync(new EntryId(0), cancellationToken).ConfigureAwait(false);
        return first.Data.Length <= KindOffset || first.Data.Span[KindOffset] < (byte)RecordKind.RecoveryCommands;
    }

    public override string ToString() => Origin is { } origin
        ? $"ledger {Id} (partition {origin.Partition}, epoch {origin.Epoch}, from offset {origin.First}, {Last.Value + 1} entries)"
        : $"ledger {Id} ({Last.Value + 1} entries)";
}

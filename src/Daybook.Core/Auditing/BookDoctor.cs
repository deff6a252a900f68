using System.Globalization;
using Daybook.Coordination;
using Daybook.Core.Journals;
using Daybook.Core.Records;
using Daybook.Ledgers;

namespace Daybook.Core.Auditing;

/// <summary>
/// Compares ledgers and manifests of a book that nobody has open, and puts manifests together from ledgers alone where the coordinator's records were
/// lost or are older than the ledgers. Reports what it finds and what would be lost; changes records only when asked to, and never a ledger.
/// </summary>
internal sealed class BookDoctor(ILedgerStore ledgers, ICoordinator coordinator, Action<string> report)
{
    private int _losses;

    /// <summary>Examines the book, and with <paramref name="apply"/> writes the manifests that the ledgers give.</summary>
    /// <returns>Whether the book opens now, as far as ledgers and records are concerned.</returns>
    public async ValueTask<bool> RunAsync(bool apply, CancellationToken cancellationToken)
    {
        if (await IsWholeAsync(cancellationToken).ConfigureAwait(false))
            return true;
        var found = await FoundLedger.AllAsync(ledgers, cancellationToken).ConfigureAwait(false);
        var books = found.Where(ledger => ledger is { Origin: not null, IsEmpty: false }).Select(ledger => ledger.Origin!).DistinctBy(origin => origin.Book).ToList();
        if (books is not [var book])
        {
            report($"The ledgers are those of {books.Count} books; records can be put together only for one.");
            return false;
        }
        var manifests = await LedgerAudit.ReadManifestsAsync(coordinator, cancellationToken).ConfigureAwait(false);
        var lost = found.Where(ledger => !ledger.IsEmpty && ledger.Origin is null).Select(ledger => ledger.Id).ToHashSet();
        lost.ExceptWith(manifests.Values.SelectMany(manifest => manifest.Named));
        foreach (var ledger in found.Where(ledger => lost.Contains(ledger.Id)))
            LeaveOut($": {ledger}, which does not record where it belongs.");
        for (var partition = 0; partition < book.Partitions; partition++)
        {
            var key = new JournalIdentity(book.Book, book.Partitions, new PartitionId(partition)).Key;
            var manifest = await PlanAsync(key, found, manifests.GetValueOrDefault(key), partition, cancellationToken).ConfigureAwait(false);
            if (apply)
                await WriteAsync(key, manifest.ToBytes(), cancellationToken).ConfigureAwait(false);
        }
        if (_losses == 0)
            report("Nothing would be lost.");
        if (!apply)
        {
            report("Nothing was changed. To write these manifests: daybook repair --data FOLDER --apply");
            return false;
        }
        await WriteAsync("book/partitions", Ascii(book.Partitions.ToString(CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
        await WriteAsync(BookIdentity.Key, Ascii(book.Book.ToString("D")), cancellationToken).ConfigureAwait(false);
        report("The manifests were written.");
        return lost.Count == 0 && await IsWholeAsync(cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private async ValueTask<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        var (_, problems) = await new LedgerAudit(ledgers, coordinator).ExamineAsync(cancellationToken).ConfigureAwait(false);
        report(problems.Count == 0 ? "Ledgers and manifests belong together." : LedgerAudit.Describe(problems));
        return problems.Count == 0;
    }

    /// <summary>The longest chain of ledgers whose offsets follow each other.</summary>
    private async ValueTask<JournalManifest> PlanAsync(
        string key, List<FoundLedger> found, JournalManifest? now, int partition, CancellationToken cancellationToken)
    {
        var named = now?.Ledgers.Select(link => link.Id).ToHashSet() ?? [];
        var own = found.Where(ledger => ledger.Origin?.Partition == partition || named.Contains(ledger.Id)).ToList();
        var chain = new List<JournalLedger>();
        JournalOffset? next = null;
        foreach (var (ledger, frames) in await InOrderAsync(own, cancellationToken).ConfigureAwait(false))
        {
            if (next is { } expected && frames.First.First != expected)
            {
                LeaveOut($" in '{key}': {ledger}, for it begins at offset {frames.First.First} and the ledgers before it end at {expected}.");
                continue;
            }
            chain.Add(new JournalLedger(ledger.Id, frames.First.First));
            next = frames.Last.Next;
        }
        var start = chain.Count == 0 ? default : chain[0].First;
        var point = start == default ? null : await RecoveryPointAsync(own, start, cancellationToken).ConfigureAwait(false);
        if (start > default(JournalOffset) && point is null)
            LeaveOut($" in '{key}': what stands before offset {start}, for there is no recovery point.");
        report($"'{key}': {Describe(chain, next ?? start)}.");
        var epoch = own.Select(ledger => ledger.Origin?.Epoch ?? default).Append(now?.Epoch ?? default).Max();
        return new JournalManifest { Epoch = epoch, Ledgers = chain, Start = start, RecoveryPoint = point };
    }

    private static string Describe(List<JournalLedger> chain, JournalOffset next)
    {
        if (chain.Count == 0)
            return "no records";
        var records = next.Value - chain[0].First.Value;
        return $"{Counted(records, "record")} (offset {chain[0].First}{(records == 1 ? "" : $" to {next.Plus(-1)}")}) in {Counted(chain.Count, "ledger")} " +
            $"({string.Join(", ", chain.Select(link => link.Id))})";
    }

    private static string Counted(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private void LeaveOut(string what)
    {
        _losses++;
        report($"Left out{what}");
    }

    private async ValueTask<List<(FoundLedger Ledger, (EntryFrame First, EntryFrame Last) Frames)>> InOrderAsync(
        List<FoundLedger> own, CancellationToken cancellationToken)
    {
        var links = new List<(FoundLedger Ledger, (EntryFrame First, EntryFrame Last) Frames)>();
        foreach (var ledger in own)
        {
            if (await ledger.HoldsRecordsAsync(ledgers, cancellationToken).ConfigureAwait(false))
                links.Add((ledger, (await FrameAsync(ledger, new EntryId(0), cancellationToken).ConfigureAwait(false),
                    await FrameAsync(ledger, ledger.Last, cancellationToken).ConfigureAwait(false))));
        }
        return [.. links.OrderBy(link => link.Frames.First.First.Value).ThenBy(link => link.Frames.First.Epoch.Value)];
    }

    private async ValueTask<RecoveryPoint?> RecoveryPointAsync(List<FoundLedger> own, JournalOffset start, CancellationToken cancellationToken)
    {
        RecoveryPoint? newest = null;
        foreach (var ledger in own.Where(ledger => ledger is { IsEmpty: false, Origin.Purpose: LedgerPurpose.RecoveryPoint }))
        {
            var offset = (await FrameAsync(ledger, new EntryId(0), cancellationToken).ConfigureAwait(false)).First;
            if (offset >= start && (newest is null || offset > newest.Offset))
                newest = new RecoveryPoint(ledger.Id, offset);
        }
        return newest;
    }

    private async ValueTask<EntryFrame> FrameAsync(FoundLedger ledger, EntryId id, CancellationToken cancellationToken)
    {
        var reader = await ledgers.OpenAsync(ledger.Id, cancellationToken).ConfigureAwait(false);
        var entry = await reader.ReadAsync(id, cancellationToken).ConfigureAwait(false);
        return EntryFrame.Open(entry.Data.Span, ledger.Id, entry.Id);
    }

    private async ValueTask WriteAsync(string key, byte[] value, CancellationToken cancellationToken)
    {
        if (await coordinator.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } record)
            await coordinator.UpdateAsync(key, value, record.Version, cancellationToken).ConfigureAwait(false);
        else
            await coordinator.CreateAsync(key, value, cancellationToken).ConfigureAwait(false);
    }
}

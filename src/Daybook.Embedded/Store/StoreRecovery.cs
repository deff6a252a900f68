using Daybook.Embedded.Files;
using Daybook.Embedded.Store.Format;
using Daybook.Embedded.Store.Log;
using Daybook.Files;

namespace Daybook.Embedded.Store;

/// <summary>Opens the log: reads the footers of the sealed segments, replays the last one, and drops its torn tail.</summary>
internal sealed class StoreRecovery(DataFolder folder, EmbeddedLedgerStoreOptions options)
{
    private readonly SegmentFiles _files = new(folder);
    private readonly SegmentTable _segments = new();
    private readonly Dictionary<LedgerId, LedgerState> _ledgers = [];

    public SegmentFiles Files => _files;

    public RecoveredStore Run()
    {
        var numbers = _files.List();
        if (folder.Id is null)
            return Establish(numbers);
        var last = OpenLast(numbers);
        AddLedgers(last.Catalogue);
        foreach (var number in numbers.Where(number => number < last.Number))
            AddSealed(SealedSegment.Open(_files, number));
        var active = last.IsSealed ? Follow(last) : Continue(last);
        CheckComplete();
        return new RecoveredStore(last.Catalogue, _ledgers, _segments, active);
    }

    /// <summary>A folder is established once its first segment is durable, so what is found without FORMAT must be empty.</summary>
    private RecoveredStore Establish(List<long> numbers)
    {
        foreach (var number in numbers)
        {
            if (number != 1 || !LastSegment.IsUnused(_files, number))
                throw StoreErrors.Missing(folder.Path, "the file FORMAT");
            _files.Remove(number);
        }
        var id = Guid.NewGuid();
        var active = Begin(new SegmentIdentity(id, 1), _files.Create(1, options.SegmentBytes), new LedgerCatalogue());
        folder.Establish(id);
        return new RecoveredStore(new LedgerCatalogue(), _ledgers, _segments, active);
    }

    /// <summary>The newest segment of which anything was ever durable. One after it was made ready for a log that had not come so far.</summary>
    private LastSegment OpenLast(List<long> numbers)
    {
        for (var i = numbers.Count - 1; i >= 0; i--)
        {
            if (LastSegment.TryOpen(_files, numbers[i]) is not { } last)
                continue;
            if (last.IsSealed && !numbers.Contains(last.Number + 1))
                throw StoreErrors.Missing(_files.Path, $"the segment after {last.Number}, which was there when that one was sealed");
            foreach (var unused in numbers.Where(number => number > last.Number + (last.IsSealed ? 1 : 0)))
                _files.Remove(unused);
            return last;
        }
        throw StoreErrors.Missing(folder.Path, "its segments");
    }

    private void AddLedgers(LedgerCatalogue catalogue)
    {
        foreach (var (id, found) in catalogue.Ledgers)
        {
            var ledger = new LedgerState(new LedgerId(id))
            {
                Status = found.Status,
                LastAccepted = found.Last,
                IsClosed = found.Status == LedgerStatus.Closed,
                Ending = found.Status == LedgerStatus.Closed ? Task.CompletedTask : null,
            };
            ledger.Confirm(found.Last);
            _ledgers[ledger.Id] = ledger;
        }
    }

    private void AddSealed(SealedSegment sealedSegment)
    {
        var segment = sealedSegment.Segment;
        foreach (var footer in sealedSegment.Extents)
        {
            if (!_ledgers.TryGetValue(new LedgerId(footer.Ledger), out var ledger))
                continue;
            ledger.Extents = [.. ledger.Extents, new LedgerExtent(segment, footer, sealedSegment.PayloadOffset)];
            segment.LiveBytes += footer.Bytes;
        }
        _segments.Add(segment);
    }

    private ActiveSegment Follow(LastSegment last)
    {
        last.MakeDurable();
        last.File.Dispose();
        AddSealed(SealedSegment.Open(_files, last.Number));
        var next = _files.IdentityOf(last.Number + 1);
        var file = _files.FileSystem.Open(_files.PathOf(next.Number), create: false);
        file.SetLength(0);
        file.Sync();
        file.Allocate(options.SegmentBytes);
        return Begin(next, file, last.Catalogue);
    }

    private ActiveSegment Continue(LastSegment last)
    {
        last.DropTail(options.SegmentBytes);
        var segment = new Segment(_files.IdentityOf(last.Number), _files.PathOf(last.Number), last.File);
        var active = new ActiveSegment(segment, options.SegmentBytes) { Position = last.End, DurableTo = last.End };
        foreach (var (ledger, entry, position) in last.Entries)
            if (_ledgers.TryGetValue(new LedgerId(ledger), out var state))
                active.Add(state, entry, position);
        return active;
    }

    private ActiveSegment Begin(SegmentIdentity identity, IFile file, LedgerCatalogue catalogue)
    {
        var listed = catalogue.ToBytes();
        var group = new GroupBuffer();
        group.AddSegmentHeader(identity);
        group.AddRecord(
            new RecordHeader(RecordKind.Catalogue, 0, -1, listed.Length, Crc32C.Compute(listed), 0), listed, identity, SegmentHeader.Size);
        file.Write(0, group.Buffers);
        file.Sync();
        var segment = new Segment(identity, _files.PathOf(identity.Number), file);
        return new ActiveSegment(segment, options.SegmentBytes) { Position = group.Length, DurableTo = group.Length };
    }

    private void CheckComplete()
    {
        foreach (var ledger in _ledgers.Values)
        {
            var next = 0L;
            foreach (var extent in ledger.Extents)
            {
                if (extent.First != next)
                    break;
                next += extent.Count;
            }
            if (next != ledger.LastAccepted + 1)
                throw StoreErrors.Missing(_files.Path, $"entries from {next} on of ledger {ledger.Id}, which has entries up to {ledger.LastAccepted}");
        }
    }
}

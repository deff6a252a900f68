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

    /// <summary>First everything is checked; only then is anything written, cut off or removed, so that an opening that fails leaves all as it was.</summary>
    public RecoveredStore Run()
    {
        var numbers = _files.List();
        if (folder.Id is null)
            return Establish(numbers);
        var end = CleanEnd.Read(folder);
        var last = OpenLast(numbers);
        try
        {
            AddLedgers(last.Catalogue);
            foreach (var number in numbers.Where(number => number < last.Number || (last.IsSealed && number == last.Number)))
                AddSealed(SealedSegment.Open(_files, number));
            CheckComplete(last);
            CheckEnd(last, end);
            return Begin(last, numbers);
        }
        catch
        {
            last.File.Dispose();
            foreach (var segment in _segments.Snapshot())
                segment.Release();
            throw;
        }
    }

    private RecoveredStore Begin(LastSegment last, List<long> numbers)
    {
        folder.EnsureOwned();
        folder.Upgrade();
        CleanEnd.Remove(folder);
        folder.Tidy();
        _files.Tidy();
        foreach (var unused in numbers.Where(number => number > last.Number + (last.IsSealed ? 1 : 0)))
            _files.Remove(unused);
        return new RecoveredStore(last.Catalogue, _ledgers, _segments, last.IsSealed ? Follow(last) : Continue(last));
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

    /// <summary>The newest segment of which anything was ever durable. At most one after it was made ready for a log that had not come so far.</summary>
    private LastSegment OpenLast(List<long> numbers)
    {
        for (var i = numbers.Count - 1; i >= 0; i--)
        {
            if (LastSegment.TryOpen(_files, numbers[i]) is not { } last)
                continue;
            try
            {
                CheckAfter(last, numbers[(i + 1)..]);
                return last;
            }
            catch
            {
                last.File.Dispose();
                throw;
            }
        }
        foreach (var number in numbers)
            LastSegment.ExpectUnused(_files, number, default);
        throw StoreErrors.Missing(folder.Path, "its segments");
    }

    private void CheckAfter(LastSegment last, List<long> later)
    {
        if (last.IsSealed && !later.Contains(last.Number + 1))
            throw StoreErrors.Missing(_files.Path, $"the segment after {last.Number}, which was there when that one was sealed");
        foreach (var number in later)
            LastSegment.ExpectUnused(
                _files, number, last.IsSealed && number == last.Number + 1 ? BeginningOf(_files.IdentityOf(number), last.Catalogue) : default);
    }

    private void CheckEnd(LastSegment last, LogEnd? clean)
    {
        if (clean is not { } end || last.Number > end.Segment || (last.Number == end.Segment && last.End > end.Offset))
            return;
        if (last.Number < end.Segment || last.End < end.Offset)
            throw StoreErrors.Damaged(
                _files.PathOf(end.Segment), last.Number < end.Segment ? 0 : last.End,
                $"the store was closed with data up to offset {end.Offset} of this file; what follows is gone");
        if (last.HasTail)
            throw StoreErrors.Damaged(_files.PathOf(end.Segment), last.End, "something follows the end at which the store was closed");
    }

    private void AddLedgers(LedgerCatalogue catalogue)
    {
        foreach (var (id, found) in catalogue.Ledgers)
        {
            var ledger = new LedgerState(new LedgerId(id), found.Metadata)
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
        var beginning = BeginningOf(identity, catalogue);
        file.Write(0, [beginning]);
        file.Sync();
        var segment = new Segment(identity, _files.PathOf(identity.Number), file);
        return new ActiveSegment(segment, options.SegmentBytes) { Position = beginning.Length, DurableTo = beginning.Length };
    }

    /// <summary>The header and the catalogue of a segment.</summary>
    private static byte[] BeginningOf(SegmentIdentity identity, LedgerCatalogue catalogue)
    {
        var listed = catalogue.ToBytes();
        var group = new GroupBuffer();
        group.AddSegmentHeader(identity);
        group.AddRecord(
            new RecordHeader(RecordKind.Catalogue, 0, -1, listed.Length, Crc32C.Compute(listed), 0), listed, identity, SegmentHeader.Size);
        return [.. group.Buffers.SelectMany(buffer => buffer.ToArray())];
    }

    private void CheckComplete(LastSegment last)
    {
        var inLast = last.IsSealed ? [] : last.Entries.GroupBy(entry => entry.Ledger).ToDictionary(
            group => group.Key, group => (First: group.First().Entry, Count: group.Count()));
        foreach (var ledger in _ledgers.Values)
        {
            var next = 0L;
            foreach (var extent in ledger.Extents)
            {
                if (extent.First != next)
                    break;
                next += extent.Count;
            }
            if (inLast.TryGetValue(ledger.Id.Value, out var found) && found.First == next)
                next += found.Count;
            if (next != ledger.LastAccepted + 1)
                throw StoreErrors.Missing(_files.Path, $"entries from {next} on of ledger {ledger.Id}, which has entries up to {ledger.LastAccepted}");
        }
    }
}

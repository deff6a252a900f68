using Daybook.Embedded.Files;
using Daybook.Embedded.Store.Format;
using Daybook.Embedded.Store.Log;
using Daybook.Embedded.Store.Reading;
using Daybook.Files;

namespace Daybook.Embedded.Store.Space;

/// <summary>Writes a sealed segment anew without the entries of deleted ledgers, and puts the new file in the place of the old one.</summary>
internal sealed class SegmentCompactor(SegmentFiles files, Segment segment)
{
    private readonly GroupBuffer _buffer = new();
    private readonly List<(LedgerId Ledger, LedgerExtent Extent)> _written = [];
    private long _position;

    /// <summary>Writes what is live and makes it durable under the old name.</summary>
    /// <returns>The new segment and where the entries of each ledger are in it.</returns>
    /// <exception cref="IOException">Nothing has changed then.</exception>
    /// <exception cref="DaybookException">An entry does not verify; nothing has changed then.</exception>
    public (Segment Segment, IReadOnlyList<(LedgerId Ledger, LedgerExtent Extent)> Extents) Run(
        IEnumerable<(LedgerState Ledger, LedgerExtent Extent)> live)
    {
        var temporary = segment.Path + SmallFiles.TemporaryEnding;
        using (var file = files.FileSystem.Open(temporary, create: true))
        {
            _buffer.AddSegmentHeader(segment.Identity);
            foreach (var (ledger, extent) in live)
                Copy(file, ledger, extent);
            WriteFooter(file);
            file.Sync();
        }
        files.EnsureOwned();
        files.FileSystem.Rename(temporary, segment.Path);
        files.FileSystem.SyncDirectory(files.Path);
        return Reopen();
    }

    private void Copy(IFile file, LedgerState ledger, LedgerExtent extent)
    {
        var copy = new LedgerExtent(segment, extent.First);
        for (var next = extent.First; next < extent.First + extent.Count;)
        {
            foreach (var entry in EntryReader.ReadExtent(ledger.Id, extent, next, extent.First + extent.Count - 1))
            {
                copy.Add(new EntryPosition((uint)(_position + _buffer.Length), entry.Data.Length));
                var header = new RecordHeader(
                    RecordKind.Entry, ledger.Id.Value, entry.Id.Value, entry.Data.Length, Crc32C.Compute(entry.Data.Span), 0);
                _buffer.AddRecord(header, entry.Data, segment.Identity, _position + _buffer.Length);
                next++;
            }
            Flush(file);
        }
        _written.Add((ledger.Id, copy));
    }

    private void WriteFooter(IFile file)
    {
        var offset = _position + _buffer.Length;
        var footer = FooterBuilder.Build(_written, offset);
        _buffer.AddRecord(
            new RecordHeader(RecordKind.Footer, 0, -1, footer.Length, Crc32C.Compute(footer), 0), footer, segment.Identity, offset);
        Flush(file);
    }

    private void Flush(IFile file)
    {
        file.Write(_position, _buffer.Buffers);
        _position += _buffer.Length;
        _buffer.Clear();
    }

    private (Segment, IReadOnlyList<(LedgerId, LedgerExtent)>) Reopen()
    {
        var written = SealedSegment.Open(files, segment.Number);
        return (written.Segment, [.. written.Extents.Select(
            footer => (new LedgerId(footer.Ledger), new LedgerExtent(written.Segment, footer, written.PayloadOffset)))]);
    }
}

using Daybook.Embedded.Store.Format;
using Daybook.Files;

namespace Daybook.Embedded.Store;

/// <summary>The newest segment as found on opening, replayed from its first record to its last valid one.</summary>
internal sealed class LastSegment
{
    private readonly byte[] _bytes;
    private readonly bool _hasTail;
    private readonly long _provenTo;

    private LastSegment(long number, IFile file, byte[] bytes, SegmentScan scan, LedgerCatalogue catalogue, string path)
    {
        (Number, File, Catalogue, _bytes) = (number, file, catalogue, bytes);
        while (scan.TryRead(out var record))
        {
            _provenTo = Math.Max(_provenTo, record.Header.DurableTo);
            if (record.Header.Kind == RecordKind.Footer)
            {
                IsSealed = scan.Offset == bytes.Length;
                End = record.Offset;
                _hasTail = true;
                return;
            }
            Apply(record, path);
        }
        End = scan.Offset;
        if (scan.IsDamaged())
            throw StoreErrors.Damaged(path, End, "a record that had been durable does not verify");
        _hasTail = bytes.AsSpan((int)End).ContainsAnyExcept((byte)0);
    }

    public long Number { get; }

    public IFile File { get; }

    /// <summary>Every ledger as of <see cref="End"/>.</summary>
    public LedgerCatalogue Catalogue { get; }

    public List<(long Ledger, long Entry, EntryPosition Position)> Entries { get; } = [];

    /// <summary>Whether it ends in its footer.</summary>
    public bool IsSealed { get; }

    /// <summary>Where the valid records end; before the footer of a sealed segment.</summary>
    public long End { get; }

    /// <summary>Whether something but zeros follows <see cref="End"/>.</summary>
    public bool HasTail => _hasTail;

    /// <summary>Null for a file whose beginning does not verify, which may be one that was never used; see <see cref="ExpectUnused"/>.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> when something that was durable does not verify.</exception>
    public static LastSegment? TryOpen(SegmentFiles files, long number)
    {
        var path = files.PathOf(number);
        var file = files.FileSystem.Open(path, create: false);
        try
        {
            var bytes = ReadAll(file);
            var scan = new SegmentScan(bytes, files.IdentityOf(number));
            if (TryReadCatalogue(ref scan, bytes, files.IdentityOf(number)) is { } catalogue)
                return new LastSegment(number, file, bytes, scan, catalogue, path);
            if (new SegmentScan(bytes, files.IdentityOf(number)).IsDamaged())
                throw StoreErrors.Damaged(path, 0, "the beginning of the segment had been durable and does not verify");
            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes sure that a file was never used: it holds zeros, and of its beginning at most what was about to be written there. A crash leaves no more,
    /// for the beginning is flushed before anything follows it.
    /// </summary>
    /// <param name="files">The segments.</param>
    /// <param name="number">Which.</param>
    /// <param name="beginning">Its first bytes, had they been written; none where nothing can have been.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/>: it holds something else, which must not be lost.</exception>
    public static void ExpectUnused(SegmentFiles files, long number, ReadOnlySpan<byte> beginning)
    {
        using var file = files.FileSystem.OpenRead(files.PathOf(number));
        var bytes = ReadAll(file);
        for (var at = 0; at < bytes.Length; at++)
        {
            if (at >= beginning.Length)
            {
                var used = bytes.AsSpan(at).IndexOfAnyExcept((byte)0);
                at = used < 0 ? bytes.Length : at + used;
            }
            if (at < bytes.Length && bytes[at] != 0 && (at >= beginning.Length || bytes[at] != beginning[at]))
                throw StoreErrors.Damaged(
                    files.PathOf(number), at, "the file holds data but does not begin as this segment; it was damaged, or put in the place of another");
        }
    }

    /// <summary>Whether a file holds nothing beyond the header and an empty catalogue.</summary>
    public static bool IsUnused(SegmentFiles files, long number)
    {
        using var file = files.FileSystem.OpenRead(files.PathOf(number));
        var used = SegmentHeader.Size + (int)RecordHeader.SizeOf(new LedgerCatalogue().ToBytes().Length);
        var bytes = ReadAll(file);
        return bytes.Length <= used || !bytes.AsSpan(used).ContainsAnyExcept((byte)0);
    }

    /// <summary>Removes what follows the valid records, so that it can never come back behind newer ones, and makes them durable.</summary>
    public void DropTail(long segmentBytes)
    {
        if (_hasTail)
        {
            File.SetLength(End);
            File.Sync();
        }
        File.Allocate(segmentBytes);
        MakeDurable();
    }

    /// <summary>
    /// Writes again and flushes what no later record proves to be durable. It may be in the system's memory only: of a process that was killed
    /// before its flush, or of one whose flush failed, after which the system takes unwritten pages for written.
    /// </summary>
    public void MakeDurable()
    {
        var end = IsSealed ? _bytes.Length : (int)End;
        File.Write(_provenTo, [_bytes.AsMemory((int)_provenTo, end - (int)_provenTo)]);
        File.Sync();
    }

    private static byte[] ReadAll(IFile file)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length);
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    private static LedgerCatalogue? TryReadCatalogue(ref SegmentScan scan, byte[] bytes, in SegmentIdentity identity) =>
        SegmentHeader.Matches(bytes, identity) && scan.TryRead(out var first) && first.Header.Kind == RecordKind.Catalogue
            ? LedgerCatalogue.TryRead(scan.Payload(first))
            : null;

    private void Apply(ScannedRecord record, string path)
    {
        var header = record.Header;
        var metadata = header.Kind == RecordKind.Created ? _bytes.AsSpan((int)record.PayloadOffset, header.PayloadLength).ToArray() : default;
        if (Catalogue.Apply(header.Kind, header.Ledger, header.Entry, metadata) is { } impossible)
            throw StoreErrors.Damaged(path, record.Offset, $"the log contains {impossible}");
        if (header.Kind == RecordKind.Entry)
            Entries.Add((header.Ledger, header.Entry, new EntryPosition((uint)record.Offset, header.PayloadLength)));
    }
}

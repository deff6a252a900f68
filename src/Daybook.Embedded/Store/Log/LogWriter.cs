using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store.Log;

/// <summary>
/// Writes operations to the log in order: one gather write and one flush for a group, then their tasks. Single-threaded; what it throws
/// ends the store.
/// </summary>
internal sealed class LogWriter(
    SegmentFiles files, SegmentTable segments, LedgerCatalogue catalogue, SegmentSupply supply, int segmentBytes, ActiveSegment active)
    : IDisposable
{
    /// <summary>More would only delay the first acknowledgement; the device is at its throughput by then.</summary>
    private const long MaxGroupBytes = 8 * 1024 * 1024;

    private readonly GroupBuffer _group = new();
    private ActiveSegment _active = active;

    private long _durableSegment = active.Segment.Number;

    /// <summary>Called after a deletion, or a new segment, is durable: there may be space to give back.</summary>
    public Action SpaceChanged { get; set; } = () => { };

    /// <summary>The number of the newest segment of which something is durable; those before it are sealed for good.</summary>
    public long DurableSegment => Volatile.Read(ref _durableSegment);

    /// <summary>Writes operations and completes their tasks.</summary>
    public void Write(List<LogOperation> operations)
    {
        for (var from = 0; from < operations.Count;)
            from = WriteGroup(operations, from);
    }

    /// <summary>Leaves a proof in the log that everything before it was durable.</summary>
    public LogEnd Mark()
    {
        _group.Clear();
        AddRecord(RecordKind.Mark, 0, -1, ReadOnlyMemory<byte>.Empty, 0);
        Flush();
        return new LogEnd(_active.Segment.Number, _active.Position);
    }

    public void Dispose()
    {
        _active.Segment.Release();
        supply.Dispose();
    }

    private int WriteGroup(List<LogOperation> operations, int from)
    {
        _group.Clear();
        if (!_active.Fits(operations[from].RecordSize))
            Roll();
        var start = _active.Position;
        var to = from;
        do
        {
            var operation = operations[to++];
            AddRecord(operation.Kind, operation.Ledger.Id.Value, operation.Entry.Value, operation.Payload, operation.PayloadCrc);
        }
        while (to < operations.Count && _group.Length < MaxGroupBytes && _active.Fits(operations[to].RecordSize));
        Flush();
        Publish(operations, from, to, start);
        return to;
    }

    private void AddRecord(RecordKind kind, long ledger, long entry, ReadOnlyMemory<byte> payload, uint payloadCrc)
    {
        var header = new RecordHeader(kind, ledger, entry, payload.Length, payloadCrc, (uint)_active.DurableTo);
        _group.AddRecord(header, payload, _active.Segment.Identity, _active.Position);
        _active.Position += header.RecordSize;
    }

    private void Flush()
    {
        files.EnsureOwned();
        _active.Segment.File.Write(_active.Position - _group.Length, _group.Buffers);
        _active.Segment.File.Sync();
        files.EnsureOwned();
        _active.DurableTo = _active.Position;
        if (_durableSegment != _active.Segment.Number)
        {
            Volatile.Write(ref _durableSegment, _active.Segment.Number);
            SpaceChanged();
        }
        if (_active.Position > segmentBytes / 2)
            supply.Prepare(_active.Segment.Number + 1);
    }

    private void Publish(List<LogOperation> operations, int from, int to, long offset)
    {
        lock (segments.Lock)
            for (var i = from; i < to; i++)
            {
                Settle(operations[i], offset);
                offset += operations[i].RecordSize;
            }
        for (var i = from; i < to; i++)
        {
            var operation = operations[i];
            operation.TrySetResult(operation.Entry);
            if (operation.Kind == RecordKind.Deleted)
                SpaceChanged();
            if (i + 1 == to || operations[i + 1].Ledger != operation.Ledger)
                operation.Ledger.Signal();
        }
    }

    private void Settle(LogOperation operation, long offset)
    {
        var (ledger, entry) = (operation.Ledger, operation.Entry.Value);
        if (catalogue.Apply(operation.Kind, ledger.Id.Value, entry, ledger.Metadata) is { } impossible)
            throw new InvalidOperationException($"The log would contain: {impossible}.");
        switch (operation.Kind)
        {
            case RecordKind.Entry:
                _active.Add(ledger, entry, new EntryPosition((uint)offset, operation.Payload.Length));
                ledger.Confirm(entry);
                break;
            case RecordKind.Closed:
                ledger.IsClosed = true;
                break;
            case RecordKind.Deleted:
                SegmentTable.Forget(ledger);
                break;
        }
    }

    /// <summary>
    /// Seals the segment and begins the next one, whose header and catalogue are durable before anything follows them: what a crash leaves of a
    /// beginning is then known byte by byte, and nothing else is ever taken for one. The file of the next one is there before the seal, so a sealed
    /// segment without a next one shows that a file was removed.
    /// </summary>
    private void Roll()
    {
        var number = _active.Segment.Number + 1;
        var file = supply.Take(number);
        Seal();
        _active = new ActiveSegment(new Segment(files.IdentityOf(number), files.PathOf(number), file), segmentBytes);
        _group.AddSegmentHeader(_active.Segment.Identity);
        _active.Position = SegmentHeader.Size;
        var listed = catalogue.ToBytes();
        AddRecord(RecordKind.Catalogue, 0, -1, listed, Crc32C.Compute(listed));
        Flush();
        _group.Clear();
    }

    private void Seal()
    {
        var segment = _active.Segment;
        var footerOffset = _active.Position;
        var live = _active.Extents.Where(pair => catalogue.Ledgers.ContainsKey(pair.Key.Id.Value)).Select(pair => (pair.Key.Id, pair.Value)).ToList();
        var footer = FooterBuilder.Build(live, footerOffset);
        AddRecord(RecordKind.Footer, 0, -1, footer, Crc32C.Compute(footer));
        files.EnsureOwned();
        segment.File.Write(footerOffset, _group.Buffers);
        segment.File.SetLength(_active.Position);
        segment.File.Sync();
        _group.Clear();
        FooterBuilder.Seal(live, footer, footerOffset);
        segment.TotalBytes = footerOffset - SegmentHeader.Size;
        lock (segments.Lock)
            segments.Add(segment);
    }
}

using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store.Log;

/// <summary>
/// Lays records out one after the other for a single gather write: headers, padding and small payloads in one scratch array, large payloads where they are.
/// </summary>
internal sealed class GroupBuffer
{
    /// <summary>Below this a copy is cheaper than a pinned buffer of its own in the gather list.</summary>
    private const int CopyBelow = 1024;

    private readonly List<ReadOnlyMemory<byte>> _buffers = [];
    private byte[] _scratch = new byte[64 * 1024];
    private int _used;
    private int _runStart;

    /// <summary>What to write, in order; valid until <see cref="Clear"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Buffers
    {
        get
        {
            EndRun();
            return _buffers;
        }
    }

    /// <summary>Bytes in all.</summary>
    public long Length { get; private set; }

    public void Clear()
    {
        _buffers.Clear();
        (_used, _runStart, Length) = (0, 0, 0);
    }

    public void AddSegmentHeader(in SegmentIdentity segment) => SegmentHeader.Write(Take(SegmentHeader.Size), segment);

    public void AddRecord(in RecordHeader header, ReadOnlyMemory<byte> payload, in SegmentIdentity segment, long offset)
    {
        header.Write(Take(RecordHeader.Size), segment, offset);
        if (payload.Length < CopyBelow)
            payload.Span.CopyTo(Take(payload.Length));
        else
            AddAsIs(payload);
        Take((int)RecordHeader.Align(payload.Length) - payload.Length).Clear();
    }

    private void AddAsIs(ReadOnlyMemory<byte> payload)
    {
        EndRun();
        _buffers.Add(payload);
        Length += payload.Length;
    }

    private Span<byte> Take(int length)
    {
        if (_used + length > _scratch.Length)
        {
            // The full array stays referenced by the gather list until the write is over.
            EndRun();
            _scratch = new byte[Math.Max(2 * _scratch.Length, length)];
            (_used, _runStart) = (0, 0);
        }
        var taken = _scratch.AsSpan(_used, length);
        _used += length;
        Length += length;
        return taken;
    }

    private void EndRun()
    {
        if (_used > _runStart)
            _buffers.Add(_scratch.AsMemory(_runStart, _used - _runStart));
        _runStart = _used;
    }
}

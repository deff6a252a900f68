using System.Buffers;

namespace Daybook.BookKeeper.Connections;

/// <summary>
/// Gathers frames while what was gathered before is being sent. Whole frames stand in one chunk each; chunks are pooled. Not safe for many threads,
/// but a batch that was taken may be sent meanwhile.
/// </summary>
internal sealed class OutputBuffer : IBufferWriter<byte>
{
    private const int ChunkSize = 64 * 1024;

    private List<ArraySegment<byte>> _gathered = [];
    private List<ArraySegment<byte>> _taken = [];
    private long _takenBytes;
    private long _gatheredBytes;
    private byte[]? _chunk;
    private int _used;

    /// <summary>Bytes that were written and are not sent.</summary>
    public long Unsent => _gatheredBytes + _takenBytes;

    public void Advance(int count) => (_used, _gatheredBytes) = (_used + count, _gatheredBytes + count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_chunk is null || _chunk.Length - _used < Math.Max(sizeHint, 1))
        {
            Finish();
            _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkSize, sizeHint));
        }
        return _chunk.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Takes what has gathered, to be sent; the batch before must have been sent. Null when there is nothing.</summary>
    public IReadOnlyList<ArraySegment<byte>>? Take()
    {
        if (_gatheredBytes == 0)
            return null;
        Finish();
        (_gathered, _taken) = (_taken, _gathered);
        (_takenBytes, _gatheredBytes) = (_gatheredBytes, 0);
        return _taken;
    }

    /// <summary>The batch that was taken is sent; its chunks are used again.</summary>
    public void Sent()
    {
        foreach (var chunk in _taken)
            ArrayPool<byte>.Shared.Return(chunk.Array!);
        _taken.Clear();
        _takenBytes = 0;
    }

    private void Finish()
    {
        if (_chunk is not null)
            _gathered.Add(new ArraySegment<byte>(_chunk, 0, _used));
        (_chunk, _used) = (null, 0);
    }
}

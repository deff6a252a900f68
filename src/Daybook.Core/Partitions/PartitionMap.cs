using System.Text;

namespace Daybook.Core.Partitions;

/// <summary>Which partition a stream lives in: a hash of its name, the same for ever. The number of partitions is fixed when a book is made.</summary>
/// <param name="Count">The number of partitions.</param>
internal readonly record struct PartitionMap(int Count)
{
    public PartitionId Of(StreamId stream)
    {
        Span<byte> utf8 = stackalloc byte[stream.Value.Length * 3];
        var hash = Crc32C.Compute(utf8[..Encoding.UTF8.GetBytes(stream.Value, utf8)]);
        // CRC bits are linear in the input; multiplying spreads them before the high bits choose.
        return new PartitionId((int)(((hash * 0x9E3779B1u) * (ulong)Count) >> 32));
    }
}

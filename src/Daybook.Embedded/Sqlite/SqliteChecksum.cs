using System.Text;
using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>What stands beside each document, so that a bit that flipped in the file is noticed: SQLite itself checks nothing that it reads.</summary>
internal static class SqliteChecksum
{
    /// <summary>CRC-32C over the UTF-8 bytes of the key and of the document.</summary>
    internal static long Of(string key, ReadOnlySpan<byte> document)
    {
        var size = Encoding.UTF8.GetMaxByteCount(key.Length);
        var bytes = size <= 4 * ProjectionId.MaxKeyLength ? stackalloc byte[4 * ProjectionId.MaxKeyLength] : new byte[size];
        return Of(bytes[..Encoding.UTF8.GetBytes(key, bytes)], document);
    }

    internal static long Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> document) => Crc32C.Append(Crc32C.Compute(key), document);
}

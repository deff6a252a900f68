using System.Globalization;
using System.Text;

namespace Daybook.Embedded.Sqlite;

/// <summary>A row of <c>daybook_checkpoints</c> without its key.</summary>
/// <param name="Next">The offset of the first record not yet applied.</param>
/// <param name="Epoch">The epoch that has claimed the partition.</param>
/// <param name="CaughtUp">Whether the end of the journal was reached once.</param>
/// <param name="Book">The book whose journal it counts; null in what an older version wrote.</param>
internal sealed record SqliteCheckpoint(JournalOffset Next, Epoch Epoch, bool CaughtUp, string? Book)
{
    internal const string Columns = "next_offset, epoch, caught_up, book, checksum";

    /// <summary>Reads <see cref="Columns"/> from an ordinal on.</summary>
    /// <returns>The row, and whether it has its checksum.</returns>
    internal static (SqliteCheckpoint Row, bool IsSound) Of(SqliteStatement read, int first, string projection, long version, long partition)
    {
        var book = read.Text(first + 3);
        var row = new SqliteCheckpoint(
            new JournalOffset(read.Int64(first)), new Epoch(read.Int64(first + 1)), read.Int64(first + 2) != 0, book.Length == 0 ? null : book);
        return (row, read.Int64(first + 4) == row.Checksum(projection, version, partition));
    }

    internal long Checksum(string projection, long version, long partition) => Crc32C.Compute(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{projection}|{version}|{partition}|{Next.Value}|{Epoch.Value}|{(CaughtUp ? 1 : 0)}|{Book}")));
}

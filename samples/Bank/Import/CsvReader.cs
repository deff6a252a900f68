using System.Runtime.CompilerServices;
using System.Text;

namespace Bank.Import;

/// <summary>
/// Reads the records of a CSV file in UTF-8 as a stream, in constant memory. Its header shows whether a comma, a semicolon or a tab separates
/// the cells.
/// </summary>
public static class CsvReader
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the records; the first one is the header.</summary>
    /// <param name="content">The bytes; stays open.</param>
    /// <param name="file">The name to use in messages.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="JournalFormatException">The content is not CSV, or not UTF-8.</exception>
    public static async IAsyncEnumerable<CsvRecord> ReadAsync(
        Stream content, string file, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(content, Utf8, leaveOpen: true);
        var buffer = new char[16 * 1024];
        var row = 1;
        var count = await FillAsync(reader, buffer, new CsvPlace(file, row), cancellationToken);
        var separator = CsvSeparator.Of(buffer.AsSpan(0, count));
        var parser = new CsvParser(file, separator);
        for (; count > 0; count = await FillAsync(reader, buffer, new CsvPlace(file, row), cancellationToken))
        {
            for (var i = 0; i < count; i++)
            {
                if (parser.Push(buffer[i]) is not { } record || CsvSeparator.IsHint(record))
                    continue;
                row = record.Place.Row;
                yield return record;
            }
        }
        if (parser.Finish() is { } last)
            yield return last;
    }

    private static async ValueTask<int> FillAsync(
        StreamReader reader, char[] buffer, CsvPlace last, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadBlockAsync(buffer, cancellationToken);
        }
        catch (DecoderFallbackException e)
        {
            throw new JournalFormatException(last, null, $"after this row, the file is not valid UTF-8 ({e.Message})");
        }
    }
}

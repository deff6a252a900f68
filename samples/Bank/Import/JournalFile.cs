namespace Bank.Import;

/// <summary>A file of transactions that has been read and checked as a whole.</summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Entries">Its transactions in the order of their first rows.</param>
/// <param name="Notes">Warnings, one sentence each.</param>
public sealed record JournalFile(string Path, IReadOnlyList<ImportedEntry> Entries, IReadOnlyList<string> Notes)
{
    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="JournalFormatException">Something in it is wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<JournalFile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        return await ReadAsync(content, path, cancellationToken);
    }

    /// <summary>Reads and checks the content of a file.</summary>
    /// <exception cref="JournalFormatException">Something in it is wrong.</exception>
    public static async Task<JournalFile> ReadAsync(Stream content, string path, CancellationToken cancellationToken = default)
    {
        var builder = new JournalFileBuilder(path);
        await foreach (var record in CsvReader.ReadAsync(content, path, cancellationToken))
            builder.Add(record);
        return builder.Build();
    }
}

using Bank.Entries;

namespace Bank.Import;

/// <summary>A transaction of a file, ready to be posted.</summary>
/// <param name="Place">Its first row.</param>
/// <param name="Post">The command; its entry id doubles as command id.</param>
public sealed record ImportedEntry(CsvPlace Place, Post Post);

using System.Text;

namespace Daybook.BookKeeper.Metadata;

/// <summary>What a bookie keeps under <c>cookies</c> and in its folders, so that it never starts with folders that are not its own.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="JournalFolders">Where its journal is.</param>
/// <param name="LedgerFolders">Where its ledgers are: their number, a tab, and the folders with tabs between.</param>
/// <param name="InstanceId">The cluster it belongs to; null in a cluster without one.</param>
internal sealed record BookieCookie(string Host, string JournalFolders, string LedgerFolders, string? InstanceId)
{
    private const string Version = "5\n";

    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>.</exception>
    public static BookieCookie Decode(BookieId bookie, ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith(Encoding.UTF8.GetBytes(Version)))
            throw new BookKeeperException(BookKeeperError.BadMetadata, "its cookie is of a version unknown to Daybook", bookie: bookie);
        try
        {
            var fields = TextMessage.Parse(value[Version.Length..]).Fields;
            string? Value(string name) => fields.LastOrDefault(field => field.Name == name)?.Text;
            string Needed(string name) => Value(name) ?? throw new FormatException($"{name} is missing");
            return new BookieCookie(Needed("bookieHost"), Needed("journalDir"), Needed("ledgerDirs"), Value("instanceId"));
        }
        catch (FormatException e)
        {
            throw new BookKeeperException(BookKeeperError.BadMetadata, $"its cookie makes no sense: {e.Message}", bookie: bookie, inner: e);
        }
    }

    /// <summary>The value of this bookie's node.</summary>
    public byte[] Encode()
    {
        var text = new StringBuilder(Version);
        Append(text, "bookieHost", Host);
        Append(text, "journalDir", JournalFolders);
        Append(text, "ledgerDirs", LedgerFolders);
        if (InstanceId is not null)
            Append(text, "instanceId", InstanceId);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(name).Append(": ").Append(TextMessage.Quote(value)).Append('\n');
}

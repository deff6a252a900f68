using System.Text;

namespace Daybook.BookKeeper.Metadata;

/// <summary>How ledgers are spread over nodes.</summary>
internal enum LedgerLayoutKind
{
    /// <summary>Ten digits as 2-4-4, larger ids as long-hierarchical: BookKeeper's default.</summary>
    Hierarchical,

    /// <summary>Nineteen digits as 3-4-4-4-4.</summary>
    LongHierarchical,

    /// <summary>All in one node.</summary>
    Flat,
}

/// <summary>The value of the node <c>LAYOUT</c>, which defines how the ledgers of a cluster are spread over nodes.</summary>
internal static class LedgerLayout
{
    private const string Package = "org.apache.bookkeeper.meta.";
    private const string Factory = "LedgerManagerFactory";

    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>: another version, or a layout that Daybook does not know.</exception>
    public static LedgerLayoutKind Decode(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, 200)]);
        foreach (var kind in Enum.GetValues<LedgerLayoutKind>())
        {
            if (text.TrimEnd('\n') == TextOf(kind))
                return kind;
        }
        throw new BookKeeperException(BookKeeperError.BadMetadata, $"the layout '{text.Replace('\n', ' ')}' is unknown to this version of Daybook");
    }

    public static byte[] Encode(LedgerLayoutKind kind) => Encoding.UTF8.GetBytes(TextOf(kind));

    private static string TextOf(LedgerLayoutKind kind) => $"2\n{Package}{kind}{Factory}:1";
}

using System.Globalization;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Where everything of a cluster is in ZooKeeper.</summary>
/// <param name="Root">Usually <c>/ledgers</c>; no slash at the end.</param>
/// <param name="Layout">The content of the node <see cref="LayoutNode"/>.</param>
internal sealed record LedgerPaths(string Root, LedgerLayoutKind Layout)
{
    private const int ShortDigits = 10;
    private const int LongDigits = 19;

    public string LayoutNode => Root + "/LAYOUT";

    public string InstanceId => Root + "/INSTANCEID";

    /// <summary>The parent of the bookies that take writes; <see cref="ReadOnly"/> is a child of it and no bookie.</summary>
    public string Available => Root + "/available";

    public string ReadOnly => Root + "/available/" + ReadOnlyName;

    public string Cookies => Root + "/cookies";

    /// <summary>The name of the one child of <see cref="Available"/> that is no bookie.</summary>
    public const string ReadOnlyName = "readonly";

    /// <summary>The node that marks a ledger for autorecovery.</summary>
    public string UnderReplicated(LedgerId ledger)
    {
        var hex = ledger.Value.ToString("x16", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Root}/underreplication/ledgers/{hex[..4]}/{hex[4..8]}/{hex[8..12]}/{hex[12..]}/urL{ledger.Value:d10}");
    }

    /// <summary>The node of a ledger.</summary>
    public string PathOf(LedgerId ledger)
    {
        if (ledger.Value < 0)
            throw new BookKeeperException(BookKeeperError.IncorrectParameter, "ledger ids are not negative", ledger);
        if (Layout == LedgerLayoutKind.Flat)
            return string.Create(CultureInfo.InvariantCulture, $"{Root}/L{ledger.Value:d10}");
        var isShort = Layout == LedgerLayoutKind.Hierarchical && ledger.Value < int.MaxValue;
        var digits = ledger.Value.ToString(isShort ? "d10" : "d19", CultureInfo.InvariantCulture);
        return isShort
            ? $"{Root}/{digits[..2]}/{digits[2..6]}/L{digits[6..]}"
            : $"{Root}/{digits[..3]}/{digits[3..7]}/{digits[7..11]}/{digits[11..15]}/L{digits[15..]}";
    }

    /// <summary>The ledger of a node; false when the node is not the one where this layout keeps a ledger.</summary>
    public bool TryParse(string path, out LedgerId ledger)
    {
        ledger = default;
        if (!path.StartsWith(Root + "/", StringComparison.Ordinal))
            return false;
        var name = path.LastIndexOf('/') + 1;
        if (name == path.Length || path[name] != 'L')
            return false;
        var digits = path[Root.Length..name].Replace("/", "", StringComparison.Ordinal) + path[(name + 1)..];
        if (digits.Length is not (ShortDigits or LongDigits) || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;
        ledger = new LedgerId(id);
        return PathOf(ledger) == path;
    }

    /// <summary>True for a child of the root under which ledgers are.</summary>
    public static bool IsLedgerParent(string name) => name.Length is 2 or 3 && name.All(char.IsAsciiDigit);
}

using System.Globalization;

namespace Daybook.BookKeeper.Metadata;

/// <summary>
/// How ids are made: an ephemeral sequential node is created and deleted, its number is the id. When the numbers of one parent are used up, parents with
/// a number of their own supply the upper half; that such parents exist means that this way is in use.
/// </summary>
/// <param name="Root">Usually <c>/ledgers</c>; no slash at the end.</param>
internal sealed record LedgerIdNodes(string Root)
{
    private const string Prefix = "ID-";
    private const string HighPrefix = "HOB-";

    /// <summary>Where the numbers of a parent end; less is for tests.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>What to create for a short id.</summary>
    public string Short => Root + "/idgen/" + Prefix;

    /// <summary>The parent of the parents of long ids.</summary>
    public string LongParent => Root + "/idgen-long";

    /// <summary>The parent of long ids with an upper half.</summary>
    public string HighParent(int high) => string.Create(CultureInfo.InvariantCulture, $"{LongParent}/{HighPrefix}{high:d10}");

    /// <summary>What to create for a long id.</summary>
    public string Long(int high) => HighParent(high) + "/" + Prefix;

    /// <summary>The upper half that a child of <see cref="LongParent"/> stands for.</summary>
    public static bool TryParseHigh(string name, out int high) => TryParse(name, HighPrefix, out high);

    /// <summary>The id of a created node; false once the numbers of its parent are used up.</summary>
    public bool TryParse(string path, out LedgerId id)
    {
        var slash = path.LastIndexOf('/');
        var isParsed = TryParse(path[(slash + 1)..], Prefix, out var low);
        var parent = path[..Math.Max(slash, 0)];
        var high = 0;
        var isLong = parent.StartsWith(LongParent + "/", StringComparison.Ordinal);
        isParsed &= isLong ? TryParseHigh(parent[(LongParent.Length + 1)..], out high) && low <= Limit : parent == Root + "/idgen" && low < Limit;
        id = new LedgerId(isParsed ? ((long)high << 32) | (uint)low : -1);
        return isParsed;
    }

    private static bool TryParse(string name, string prefix, out int number)
    {
        number = 0;
        return name.StartsWith(prefix, StringComparison.Ordinal) && name.Length == prefix.Length + 10
            && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

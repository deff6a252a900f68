namespace Daybook.ZooKeeper.Coordination;

/// <summary>
/// Where records lie: a shelf for each prefix of keys, and on it a node for each record, so that one shelf's children are the keys one level
/// below a prefix. A <c>/</c> in a prefix is a <c>:</c>, which no key contains; the shelf of the keys without a prefix is <c>:</c>.
/// </summary>
internal readonly record struct RecordPaths(string Records)
{
    public string Shelf(string prefix) => $"{Records}/{(prefix.Length == 0 ? ":" : prefix.Replace('/', ':'))}";

    public string ShelfOf(string key) => Shelf(key.LastIndexOf('/') is var slash and >= 0 ? key[..slash] : "");

    public string Node(string key) => $"{ShelfOf(key)}/{key[(key.LastIndexOf('/') + 1)..]}";
}

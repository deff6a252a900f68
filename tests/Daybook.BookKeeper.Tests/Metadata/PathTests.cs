using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Vectors;

namespace Daybook.BookKeeper.Tests.Metadata;

public sealed class PathTests
{
    [Theory]
    [InlineData("Hierarchical", 0, "/ledgers/00/0000/L0000")]
    [InlineData("Hierarchical", 14, "/ledgers/00/0000/L0014")]
    [InlineData("Hierarchical", 2147483646, "/ledgers/21/4748/L3646")]
    [InlineData("Hierarchical", 2147483647, "/ledgers/000/0000/0021/4748/L3647")]
    [InlineData("Hierarchical", 5000000000, "/ledgers/000/0000/0050/0000/L0000")]
    [InlineData("Hierarchical", long.MaxValue, "/ledgers/922/3372/0368/5477/L5807")]
    [InlineData("LongHierarchical", 0, "/ledgers/000/0000/0000/0000/L0000")]
    [InlineData("LongHierarchical", 2147483646, "/ledgers/000/0000/0021/4748/L3646")]
    [InlineData("LongHierarchical", 2147483647, "/ledgers/000/0000/0021/4748/L3647")]
    [InlineData("LongHierarchical", long.MaxValue, "/ledgers/922/3372/0368/5477/L5807")]
    [InlineData("Flat", 7, "/ledgers/L0000000007")]
    public void L18_path_of_a_ledger_is_that_of_java_both_ways(string layout, long id, string path)
    {
        var paths = new LedgerPaths("/ledgers", Enum.Parse<LedgerLayoutKind>(layout));

        Assert.Equal(path, paths.PathOf(new LedgerId(id)));
        Assert.True(paths.TryParse(path, out var ledger));
        Assert.Equal(id, ledger.Value);
    }

    [Theory]
    [InlineData("/ledgers/00/0000/0014")]
    [InlineData("/ledgers/00/0000/L014")]
    [InlineData("/ledgers/0/00000/L0014")]
    [InlineData("/ledgers/000/0000/0000/0000/L0014")]
    [InlineData("/ledgers/99/9999/L9999")]
    [InlineData("/ledgers/999/9999/9999/9999/L9999")]
    [InlineData("/ledgers/00/0000/L-014")]
    [InlineData("/ledger/00/0000/L0014")]
    [InlineData("/ledgers/LAYOUT")]
    [InlineData("/ledgers/available")]
    [InlineData("/ledgers/")]
    public void Path_where_no_ledger_is_kept_is_none(string path) =>
        Assert.False(new LedgerPaths("/ledgers", LedgerLayoutKind.Hierarchical).TryParse(path, out _));

    [Fact]
    public void Negative_id_has_no_path() =>
        Assert.Throws<BookKeeperException>(() => new LedgerPaths("/ledgers", LedgerLayoutKind.Hierarchical).PathOf(new LedgerId(-1)));

    [Fact]
    public void L18_nodes_of_the_cluster_are_where_they_were_recorded()
    {
        var paths = new LedgerPaths("/ledgers", LedgerLayoutKind.Hierarchical);

        Assert.All([paths.LayoutNode, paths.InstanceId, paths.Available, paths.ReadOnly, paths.Cookies], node => Assert.Contains(node, Recorded.Nodes.Keys));
        Assert.Equal("/ledgers/underreplication/ledgers/0000/0000/0001/000a/urL0000065546", paths.UnderReplicated(new LedgerId(65546)));
        Assert.Equal(
            ["/ledgers/00", "/ledgers/000"],
            Recorded.Nodes.Keys.Where(k => k.LastIndexOf('/') == 8 && LedgerPaths.IsLedgerParent(k[9..])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_come_from_the_numbers_of_nodes()
    {
        var nodes = new LedgerIdNodes("/ledgers");

        Assert.Equal(("/ledgers/idgen/ID-", "/ledgers/idgen-long/HOB-0000000003/ID-"), (nodes.Short, nodes.Long(3)));
        Assert.True(nodes.TryParse("/ledgers/idgen/ID-0000000014", out var id));
        Assert.Equal(14, id.Value);
        Assert.True(nodes.TryParse("/ledgers/idgen-long/HOB-0000000003/ID-0000000014", out id));
        Assert.Equal((3L << 32) + 14, id.Value);
        Assert.True(LedgerIdNodes.TryParseHigh("HOB-0000000003", out var high));
        Assert.Equal(3, high);
    }

    [Theory]
    [InlineData("/ledgers/idgen/ID-2147483647")]
    [InlineData("/ledgers/idgen/ID--2147483648")]
    [InlineData("/ledgers/idgen/ID-14")]
    [InlineData("/ledgers/idgen-long/X-0000000003/ID-0000000014")]
    [InlineData("/other/ID-0000000014")]
    [InlineData("ID-0000000014")]
    [InlineData("")]
    public void Node_whose_number_is_no_id_gives_none(string path) => Assert.False(new LedgerIdNodes("/ledgers").TryParse(path, out _));
}

using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class PathRulesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b.c/..d/e..")]
    [InlineData("/größe/日本")]
    [InlineData("/with space")]
    public void Good_path_is_taken(string path) => PathRules.Check(path);

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("a", "begin with '/'")]
    [InlineData("/a/", "ends with '/'")]
    [InlineData("//", "ends with '/'")]
    [InlineData("/a//b", "'//'")]
    [InlineData("//a", "'//'")]
    [InlineData("/a/./b", "'.'")]
    [InlineData("/..", "'..'")]
    [InlineData("/a/../b", "'..'")]
    [InlineData("/a\u0000b", "character")]
    [InlineData("/a\u001f", "character")]
    [InlineData("/a\u007f", "character")]
    [InlineData("/a\ue000", "character")]
    [InlineData("/a\ufff5", "character")]
    public void Bad_path_is_refused_with_the_path_and_what_is_wrong(string? path, string what)
    {
        var refused = Assert.Throws<ZooKeeperException>(() => PathRules.Check(path));
        Assert.Equal((ZooKeeperError.BadArguments, path), (refused.Error, refused.Path));
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbered_node_may_have_no_name_of_its_own() => PathRules.Check("/a/", isSequential: true);

    [Fact]
    public void Numbered_node_still_has_no_empty_parent() =>
        Assert.Throws<ZooKeeperException>(() => PathRules.Check("/a//", isSequential: true));
}

using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Metadata;

/// <summary>What ZooKeeper refuses for good is not reported as something that may pass.</summary>
public sealed class MetadataErrorTests
{
    [Theory]
    [InlineData(ZooKeeperError.NoAuth, BookKeeperError.Unauthorized)]
    [InlineData(ZooKeeperError.AuthFailed, BookKeeperError.Unauthorized)]
    [InlineData(ZooKeeperError.InvalidAcl, BookKeeperError.Unauthorized)]
    [InlineData(ZooKeeperError.SaslAuthRequired, BookKeeperError.Unauthorized)]
    [InlineData(ZooKeeperError.BadArguments, BookKeeperError.IncorrectParameter)]
    [InlineData(ZooKeeperError.Unimplemented, BookKeeperError.IncorrectParameter)]
    public void Lasting_refusal_is_not_transient(ZooKeeperError error, BookKeeperError meaning)
    {
        var worded = MetadataCalls.Worded(new ZooKeeperException(error, "/ledgers", "It was refused."), new LedgerId(3));

        Assert.Equal((meaning, false), (worded.Error, worded.IsTransient));
    }

    [Fact]
    public void Server_that_failed_may_be_asked_again() =>
        Assert.True(MetadataCalls.Worded(new ZooKeeperException(ZooKeeperError.SystemError, "/ledgers", "It failed."), new LedgerId(3)).IsTransient);
}

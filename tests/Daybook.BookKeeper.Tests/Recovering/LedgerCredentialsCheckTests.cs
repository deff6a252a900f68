using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Recovering;

namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class LedgerCredentialsCheckTests
{
    private readonly LedgerWorld _world = new(new QuorumSizes(1, 1, 1));

    [Fact]
    public void Unspecified_credentials_are_taken_from_the_metadata()
    {
        var credentials = LedgerCredentialsCheck.Resolve(_world.Now, null, null);

        Assert.Equal(DigestType.Crc32C, credentials.Type);
        Assert.Equal("secret"u8.ToArray(), credentials.Password.ToArray());
        Assert.Equal(_world.Credentials.MasterKey.ToArray(), credentials.MasterKey.ToArray());
    }

    [Fact]
    public void Another_digest_type_is_an_error_that_names_the_ledger()
    {
        var failure = Assert.Throws<BookKeeperException>(() => LedgerCredentialsCheck.Resolve(_world.Now, "secret"u8.ToArray(), DigestType.Hmac));

        Assert.Equal((BookKeeperError.DigestMismatch, LedgerWorld.Ledger), (failure.Error, failure.Ledger!.Value));
    }

    [Fact]
    public void Another_password_is_an_error_that_names_the_ledger()
    {
        var failure = Assert.Throws<BookKeeperException>(() => LedgerCredentialsCheck.Resolve(_world.Now, ""u8.ToArray(), null));

        Assert.Equal((BookKeeperError.Unauthorized, LedgerWorld.Ledger), (failure.Error, failure.Ledger!.Value));
    }

    [Fact]
    public void Metadata_of_version_1_leave_both_to_the_user()
    {
        var silent = _world.Now with { Digest = null, Password = null };

        Assert.Equal(DigestType.Hmac, LedgerCredentialsCheck.Resolve(silent, "any"u8.ToArray(), DigestType.Hmac).Type);
        var noType = Assert.Throws<BookKeeperException>(() => LedgerCredentialsCheck.Resolve(silent, "any"u8.ToArray(), null));
        var noPassword = Assert.Throws<BookKeeperException>(() => LedgerCredentialsCheck.Resolve(silent, null, DigestType.Hmac));
        Assert.Equal((BookKeeperError.IncorrectParameter, BookKeeperError.IncorrectParameter), (noType.Error, noPassword.Error));
    }
}

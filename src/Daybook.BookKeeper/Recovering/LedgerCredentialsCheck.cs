using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Recovering;

/// <summary>Compares a user's credentials with a ledger's metadata; bookies check nothing on plain reads.</summary>
internal static class LedgerCredentialsCheck
{
    /// <summary>What a ledger is opened with.</summary>
    /// <param name="metadata">The ledger's.</param>
    /// <param name="password">The user's password, or null to take the metadata's.</param>
    /// <param name="digest">Likewise; null is the usual choice.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.Unauthorized"/> for another password, <see cref="BookKeeperError.DigestMismatch"/> for
    /// another digest type, <see cref="BookKeeperError.IncorrectParameter"/> when neither side gives it: metadata of version 1 do not.</exception>
    public static LedgerCredentials Resolve(LedgerMetadata metadata, ReadOnlyMemory<byte>? password, DigestType? digest)
    {
        if (metadata.Digest is { } type && digest is { } expected && type != expected)
            throw new BookKeeperException(BookKeeperError.DigestMismatch, $"its digest type is {type}, not {expected}", metadata.Ledger);
        if (metadata.Password is { } kept && password is { } given && !kept.Span.SequenceEqual(given.Span))
            throw new BookKeeperException(BookKeeperError.Unauthorized, "the password is not that of the ledger", metadata.Ledger);
        return new LedgerCredentials(
            digest ?? metadata.Digest ?? throw Unsaid(metadata, "digest type"),
            password ?? metadata.Password ?? throw Unsaid(metadata, "password"));
    }

    /// <summary>The same for credentials that were made before; null takes those of the metadata.</summary>
    public static LedgerCredentials Resolve(LedgerMetadata metadata, LedgerCredentials? credentials)
    {
        var resolved = Resolve(metadata, credentials?.Password, credentials?.Type);
        return credentials ?? resolved;
    }

    private static BookKeeperException Unsaid(LedgerMetadata metadata, string what) =>
        new(BookKeeperError.IncorrectParameter, $"its metadata are of version 1 and do not contain its {what}; the caller must", metadata.Ledger);
}

using System.Collections.Immutable;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Writing;

/// <summary>Creates ledgers: chooses their bookies, has their metadata created, and only then gives out a writer (invariant L16).</summary>
internal static class NewLedger
{
    /// <summary>Creates a ledger and its writer.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/> for options that make no sense,
    /// <see cref="BookKeeperError.NotEnoughBookies"/>, <see cref="BookKeeperError.LedgerExists"/> for an id that is taken,
    /// <see cref="BookKeeperError.MetadataUnavailable"/>.</exception>
    public static async ValueTask<BookKeeperWriter> CreateAsync(
        ClientServices services, CreateLedgerOptions options, CancellationToken cancellationToken = default)
    {
        var credentials = new LedgerCredentials(options.Digest, options.Password);
        var template = Template(services, options, credentials);
        var created = options.Ledger is null
            ? await services.Metadata.CreateAsync(template, cancellationToken).ConfigureAwait(false)
            : await services.Metadata.CreateAtAsync(template, cancellationToken).ConfigureAwait(false);
        return BookKeeperWriter.Start(services, created, credentials);
    }

    private static LedgerMetadata Template(ClientServices services, CreateLedgerOptions options, LedgerCredentials credentials)
    {
        var sizes = new QuorumSizes(options.Ensemble, options.WriteQuorum, options.AckQuorum);
        if (sizes.Problem is { } problem)
            throw new BookKeeperException(BookKeeperError.IncorrectParameter, problem, options.Ledger);
        if (options.Ledger is { Value: < 0 } negative)
            throw new BookKeeperException(BookKeeperError.IncorrectParameter, "the id of a ledger is not negative", negative);
        return new LedgerMetadata
        {
            Ledger = options.Ledger ?? default,
            Sizes = sizes,
            Segments = [new EnsembleSegment(EntryId.None.Next, services.Selection.ChooseEnsemble(sizes))],
            Digest = credentials.Type,
            Password = credentials.Password,
            CreationTime = options.StoreCreationTime ? services.Time.GetUtcNow().ToUnixTimeMilliseconds() : null,
            Custom = options.CustomMetadata.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }
}

using System.Globalization;
using Daybook.Coordination;
using Daybook.Core.Auditing;
using Daybook.Ledgers;

namespace Daybook;

/// <summary>Where a book keeps its ledgers and records, open and checked against the book's options.</summary>
/// <param name="Ledgers">Where the ledgers are.</param>
/// <param name="Coordinator">Where the records and leases are.</param>
/// <param name="Book">The id of the book.</param>
/// <param name="Unnamed">Ledgers without records that no manifest named at the opening; each partition's owner deletes its own.</param>
internal sealed record BookStorage(
    ILedgerStore Ledgers, ICoordinator Coordinator, Guid Book, IReadOnlyList<FoundLedger> Unnamed) : IAsyncDisposable
{
    private const string PartitionsKey = "book/partitions";

    /// <summary>Opens both; when anything fails, neither stays open.</summary>
    public static async ValueTask<BookStorage> OpenAsync(
        Func<CancellationToken, ValueTask<ILedgerStore>> ledgers, Func<CancellationToken, ValueTask<ICoordinator>> coordinator,
        Action<ILedgerStore> check, int partitions, CancellationToken cancellationToken)
    {
        var parts = new OwnedParts();
        try
        {
            var store = parts.Own(await ledgers(cancellationToken).ConfigureAwait(false));
            check(store);
            var records = parts.Own(await coordinator(cancellationToken).ConfigureAwait(false));
            var unnamed = await new LedgerAudit(store, records).RunAsync(cancellationToken).ConfigureAwait(false);
            await CheckPartitionsAsync(records, partitions, cancellationToken).ConfigureAwait(false);
            var book = await BookIdentity.EstablishAsync(records, new Random(), cancellationToken).ConfigureAwait(false);
            return new BookStorage(store, records, book, unnamed);
        }
        catch
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var parts = new OwnedParts();
        parts.Own(Ledgers);
        parts.Own(Coordinator);
        await parts.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask CheckPartitionsAsync(ICoordinator coordinator, int wanted, CancellationToken cancellationToken)
    {
        var text = wanted.ToString(CultureInfo.InvariantCulture);
        var made = await BookIdentity.ReadOrCreateAsync(coordinator, PartitionsKey, text, cancellationToken).ConfigureAwait(false);
        if (made != text)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The option {nameof(DaybookOptions)}.{nameof(DaybookOptions.Partitions)} is {wanted}, but this book was made with " +
                $"{made}; the number of partitions never changes.");
    }
}

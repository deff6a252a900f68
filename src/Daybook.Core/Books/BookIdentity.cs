using System.Text;
using Daybook.Coordination;

namespace Daybook;

/// <summary>
/// What makes a book this book: an id that the coordinator keeps from the first opening on. Ledgers and read models carry it, so that those of
/// another book, or of an earlier one in the same place, are recognised.
/// </summary>
internal static class BookIdentity
{
    /// <summary>Under which the coordinator keeps the id.</summary>
    internal const string Key = "book/id";

    /// <summary>Reads the book's id, or gives the book one.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> when the record holds something else.</exception>
    public static async ValueTask<Guid> EstablishAsync(ICoordinator coordinator, Random random, CancellationToken cancellationToken)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var record = await ReadOrCreateAsync(coordinator, Key, new Guid(bytes).ToString("D"), cancellationToken).ConfigureAwait(false);
        return Guid.TryParseExact(record, "D", out var id)
            ? id
            : throw new DaybookException(ErrorCode.Corrupted, $"The coordination record '{Key}' holds '{record}', which is not the id of a book.");
    }

    /// <summary>Reads a record that never changes once it is there, or creates it; of several that create it, one wins.</summary>
    /// <returns>What the record holds now.</returns>
    public static async ValueTask<string> ReadOrCreateAsync(
        ICoordinator coordinator, string key, string wanted, CancellationToken cancellationToken)
    {
        var record = await coordinator.ReadAsync(key, cancellationToken).ConfigureAwait(false)
            ?? await CreateAsync(coordinator, key, Encoding.ASCII.GetBytes(wanted), cancellationToken).ConfigureAwait(false);
        return Encoding.ASCII.GetString(record.Value.Span);
    }

    private static async ValueTask<CoordinationRecord> CreateAsync(
        ICoordinator coordinator, string key, byte[] value, CancellationToken cancellationToken)
    {
        try
        {
            return await coordinator.CreateAsync(key, value, cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e is InDoubtException || e.Code == ErrorCode.VersionMismatch)
        {
            if (await coordinator.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } there)
                return there;
            throw;
        }
    }
}

using Daybook.Coordination;

namespace Daybook.Core.Journals;

/// <summary>Reads and writes journal records, and settles writes of unknown outcome by content (invariants C2, L11).</summary>
internal static class JournalManifests
{
    /// <returns>The version the record has now.</returns>
    public static async ValueTask<long> WriteAsync(
        ICoordinator coordinator, string key, JournalManifest manifest, long? expectedVersion, CancellationToken cancellationToken)
    {
        var bytes = manifest.ToBytes();
        try
        {
            var written = expectedVersion is { } version
                ? await coordinator.UpdateAsync(key, bytes, version, cancellationToken).ConfigureAwait(false)
                : await coordinator.CreateAsync(key, bytes, cancellationToken).ConfigureAwait(false);
            return written.Version;
        }
        catch (InDoubtException)
        {
            var now = await coordinator.ReadAsync(key, cancellationToken).ConfigureAwait(false);
            if (now is not null && now.Value.Span.SequenceEqual(bytes))
                return now.Version;
            throw;
        }
    }
}

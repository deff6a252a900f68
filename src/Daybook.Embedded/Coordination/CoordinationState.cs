using System.Collections.Immutable;
using Daybook.Coordination;

namespace Daybook.Embedded.Coordination;

/// <summary>Everything a <see cref="LocalCoordinator"/> remembers. Immutable; each change gives the next state, and a refused one throws.</summary>
/// <param name="LastVersion">The highest version given to any record; versions are never used again.</param>
/// <param name="Records">By key, in ordinal order.</param>
/// <param name="Epochs">The last epoch of each lease, by name, in ordinal order.</param>
internal sealed record CoordinationState(
    long LastVersion, ImmutableSortedDictionary<string, CoordinationRecord> Records, ImmutableSortedDictionary<string, long> Epochs)
{
    public static CoordinationState Empty { get; } = new(
        0,
        ImmutableSortedDictionary.Create<string, CoordinationRecord>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <param name="key">The record.</param>
    /// <param name="value">Its new value; kept as it is.</param>
    /// <param name="expectedVersion">Null to create it.</param>
    public CoordinationState Write(string key, byte[] value, long? expectedVersion)
    {
        var found = Records.GetValueOrDefault(key)?.Version;
        return found == expectedVersion
            ? this with { LastVersion = LastVersion + 1, Records = Records.SetItem(key, new CoordinationRecord(key, value, LastVersion + 1)) }
            : throw CoordinationErrors.VersionMismatch(key, expectedVersion, found);
    }

    public CoordinationState Delete(string key, long expectedVersion)
    {
        var found = Records.GetValueOrDefault(key)?.Version;
        return found is null || found == expectedVersion
            ? this with { Records = Records.Remove(key) }
            : throw CoordinationErrors.VersionMismatch(key, expectedVersion, found);
    }

    public CoordinationState RaiseEpoch(string lease) => this with { Epochs = Epochs.SetItem(lease, Epochs.GetValueOrDefault(lease) + 1) };
}

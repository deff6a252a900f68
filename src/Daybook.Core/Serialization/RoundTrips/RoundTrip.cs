using System.Text.Json;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>What becomes of the values of a type when they are written as JSON and read back.</summary>
/// <param name="IsIdentity">True when it is proved that they are equal for ever: every member is stored, restored, and cannot be changed.</param>
/// <param name="Losses">The members that never come back, or types that cannot be read, each as a sentence; empty when there is none.</param>
internal sealed record RoundTrip(bool IsIdentity, IReadOnlyList<string> Losses)
{
    /// <param name="type">The type whose values are stored.</param>
    /// <param name="options">How they are stored.</param>
    /// <param name="isExact">False when a value may be of a type that derives from <paramref name="type"/>.</param>
    /// <param name="keepsSignOfZero">False when the store makes 0 of a -0.</param>
    public static RoundTrip Of(Type type, JsonSerializerOptions options, bool isExact, bool keepsSignOfZero = true)
    {
        var visit = new RoundTripVisit(options, keepsSignOfZero);
        visit.Value(type, type.ToString(), isExact);
        return new RoundTrip(visit.IsIdentity, visit.Losses);
    }
}

namespace Daybook.Projections;

/// <summary>An event that a projection cannot take. The projection is parked at it, visibly; others go on (invariant J8).</summary>
public sealed class PoisonEventException(string projection, RecordedEvent recorded, Exception inner)
    : DaybookException(ErrorCode.PoisonEvent, Describe(projection, recorded, inner), inner)
{
    /// <summary>The event.</summary>
    public RecordedEvent Recorded { get; } = recorded;

    private static string Describe(string projection, RecordedEvent recorded, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(inner);
        var label = ProjectionId.LabelOf(projection, $"Projection '{projection}'");
        return $"{label} failed on event '{recorded.Type}' at {recorded.Position} of stream '{recorded.Stream}': {ExceptionText.Of(inner)}";
    }
}

namespace Daybook.Testing.Histories.Serializability;

/// <summary>What a check found.</summary>
/// <param name="Anomalies">The first anomaly of each class in each list, and at most one cycle: the smallest one found in the worst class
/// there is.</param>
public sealed record SerializabilityResult(IReadOnlyList<Anomaly> Anomalies)
{
    /// <summary>Whether some order of the transactions explains all reads and agrees with real time.</summary>
    public bool IsStrictlySerializable => Anomalies.Count == 0;

    /// <inheritdoc />
    public override string ToString() => IsStrictlySerializable ? "strictly serializable" : string.Join('\n', Anomalies);
}

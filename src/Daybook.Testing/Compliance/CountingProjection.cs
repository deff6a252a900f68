using Daybook.Projections;

namespace Daybook.Testing.Compliance;

/// <summary>Adds an amount to documents by key.</summary>
/// <param name="Keys">The documents.</param>
/// <param name="Amount">What is added; a document that comes to zero is deleted.</param>
public sealed record Added(decimal Amount, params string[] Keys);

/// <summary>An event that the projection fails on.</summary>
/// <param name="Inside">Throws from <c>Apply</c> for this key; null to throw from <c>KeysOf</c>.</param>
public sealed record Broken(string? Inside = null);

/// <summary>An event whose keys are returned as they stand, good or bad.</summary>
/// <param name="Keys">The keys; null as a whole is returned as such.</param>
public sealed record Keyed(IEnumerable<string>? Keys);

/// <summary>What the projection keeps.</summary>
/// <param name="Sum">The sum, exact.</param>
/// <param name="Count">How many events were counted, so that none has an effect twice.</param>
/// <param name="Note">Any text.</param>
public sealed record Tally(decimal Sum, long Count, string? Note = null);

/// <summary>The projection that the compliance suite drives sinks with.</summary>
[Projection("tally")]
public sealed class CountingProjection : IDocumentProjection<Tally>
{
    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body switch
    {
        Added added => added.Keys,
        Broken { Inside: { } key } => [key],
        Broken => throw new InvalidOperationException("broken in KeysOf"),
        Keyed keyed => keyed.Keys!,
        _ => [],
    };

    /// <inheritdoc/>
    public Tally? Apply(string key, Tally? document, ProjectedEvent projected)
    {
        if (projected.Body is not Added added)
            throw new InvalidOperationException("broken in Apply");
        var sum = (document?.Sum ?? 0m) + added.Amount;
        return sum == 0m ? null : new Tally(sum, (document?.Count ?? 0) + 1);
    }
}

/// <summary>The next version of <see cref="CountingProjection"/>: counts double.</summary>
[Projection("tally", Version = 2)]
public sealed class CountingProjection2 : IDocumentProjection<Tally>
{
    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Added added ? added.Keys : [];

    /// <inheritdoc/>
    public Tally? Apply(string key, Tally? document, ProjectedEvent projected) =>
        new((document?.Sum ?? 0m) + (2 * ((Added)projected.Body).Amount), (document?.Count ?? 0) + 1);
}

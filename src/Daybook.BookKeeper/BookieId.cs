namespace Daybook.BookKeeper;

/// <summary>The name of a bookie, as it stands in ensembles and under <c>available</c> in ZooKeeper.</summary>
/// <param name="Value">Often <c>host:port</c>, but any text; where the bookie listens stands in its registration.</param>
public readonly record struct BookieId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

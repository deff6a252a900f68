namespace Daybook.Testing.Histories.Serializability;

/// <summary>
/// A transaction on append-only lists. As a call its reads are not answered; as an answer it has the same operations with what they saw.
/// </summary>
public sealed class ListTransaction
{
    /// <summary>A transaction that does these operations in order.</summary>
    public ListTransaction(params IEnumerable<ListOperation> operations) => Operations = [.. operations];

    /// <summary>The operations in order.</summary>
    public IReadOnlyList<ListOperation> Operations { get; }

    /// <inheritdoc />
    public override string ToString() => $"[{string.Join(' ', Operations)}]";
}

using System.Collections.Immutable;

namespace Daybook.Testing.Histories.Serializability;

/// <summary>One step of a transaction on append-only lists: a read of a whole list, or an append to its end.</summary>
/// <param name="Key">Which list. Lists are empty at first.</param>
/// <param name="Appended">The value appended; null for a read. No value is appended to the same key twice in a history.</param>
/// <param name="Seen">What a read saw; null for an append, and for a read whose answer is not known.</param>
public readonly record struct ListOperation(string Key, long? Appended, ImmutableArray<long>? Seen)
{
    /// <summary>Whether this is a read.</summary>
    public bool IsRead => Appended is null;

    /// <summary>An append to the end of a list.</summary>
    public static ListOperation Append(string key, long value) => new(key, value, null);

    /// <summary>A read not answered yet.</summary>
    public static ListOperation Read(string key) => new(key, null, null);

    /// <summary>A read and its answer.</summary>
    public static ListOperation Read(string key, IEnumerable<long> seen) => new(key, null, [.. seen]);

    /// <inheritdoc />
    public override string ToString() =>
        IsRead ? $"[:r {Key} {(Seen is { } seen ? $"[{string.Join(' ', seen)}]" : "nil")}]" : $"[:append {Key} {Appended}]";
}

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Daybook.Core.Partitions.State;

/// <summary>The streams of a partition by name, found by text or by UTF-8 without making a string.</summary>
internal sealed class StreamTable
{
    private readonly HashSet<StreamHead> _heads = new(ByName.Instance);
    private readonly HashSet<StreamHead>.AlternateLookup<ReadOnlySpan<char>> _byName;

    public StreamTable() => _byName = _heads.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _heads.Count;

    public IEnumerable<StreamHead> All => _heads;

    public StreamHead? Find(ReadOnlySpan<char> name) => _byName.TryGetValue(name, out var head) ? head : null;

    public StreamHead GetOrAdd(string name)
    {
        if (_byName.TryGetValue(name, out var head))
            return head;
        head = new StreamHead(name);
        _heads.Add(head);
        return head;
    }

    public StreamHead GetOrAdd(ReadOnlySpan<byte> utf8)
    {
        Span<char> buffer = stackalloc char[StreamId.MaxLength];
        if (utf8.Length > StreamId.MaxLength * 3 || !Encoding.UTF8.TryGetChars(utf8, buffer, out var length))
            throw new DaybookException(ErrorCode.Corrupted, $"A stream name of {utf8.Length} bytes stands in a journal record.");
        var name = buffer[..length];
        return _byName.TryGetValue(name, out var head) ? head : GetOrAdd(name.ToString());
    }

    /// <summary>Forgets a stream that got no event after all.</summary>
    public void RemoveIfEmpty(StreamHead head)
    {
        if (head.Version == 0 && head.Hot?.IsFree != false)
            _heads.Remove(head);
    }

    public void EnsureCapacity(int count) => _heads.EnsureCapacity(count);

    private sealed class ByName : IEqualityComparer<StreamHead>, IAlternateEqualityComparer<ReadOnlySpan<char>, StreamHead>
    {
        public static ByName Instance { get; } = new();

        public bool Equals(StreamHead? x, StreamHead? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Name == y.Name);

        public int GetHashCode([DisallowNull] StreamHead obj) => string.GetHashCode(obj.Name);

        public bool Equals(ReadOnlySpan<char> alternate, StreamHead other) => alternate.SequenceEqual(other.Name);

        public int GetHashCode(ReadOnlySpan<char> alternate) => string.GetHashCode(alternate);

        public StreamHead Create(ReadOnlySpan<char> alternate) => new(alternate.ToString());
    }
}

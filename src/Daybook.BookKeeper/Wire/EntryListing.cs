using System.Buffers.Binary;

namespace Daybook.BookKeeper.Wire;

/// <summary>Which entries of a ledger a bookie holds, as it answers GET_LIST_OF_ENTRIES_OF_LEDGER. Never expanded: a group may stand for billions.</summary>
internal sealed class EntryListing
{
    private const int HeaderSize = 64;
    private const int GroupSize = 24;

    private EntryListing(Group[] groups) => Groups = groups;

    /// <summary>The groups, in the order of the bookie.</summary>
    public IReadOnlyList<Group> Groups { get; }

    /// <summary>How many entries there are.</summary>
    public long Count => Groups.Sum(group => group.Count);

    /// <summary>True when the bookie holds the entry.</summary>
    public bool Contains(EntryId entry) => Groups.Any(group => group.Contains(entry.Value));

    /// <exception cref="MalformedFrameException">The version is unknown, or lengths and groups do not make sense.</exception>
    public static EntryListing Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            throw new MalformedFrameException($"A list of entries has {bytes.Length} bytes.");
        var version = BinaryPrimitives.ReadInt32BigEndian(bytes);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        if (version != 0)
            throw new MalformedFrameException($"A list of entries has the unknown version {version}.");
        if (count < 0 || count != (bytes.Length - HeaderSize) / GroupSize || (bytes.Length - HeaderSize) % GroupSize != 0)
            throw new MalformedFrameException($"A list of entries announces {count} groups in {bytes.Length} bytes.");
        var groups = new Group[count];
        for (var i = 0; i < count; i++)
            groups[i] = Group.Read(bytes.Slice(HeaderSize + i * GroupSize, GroupSize));
        return groups.Aggregate(Int128.Zero, (all, group) => all + group.Count) <= long.MaxValue
            ? new EntryListing(groups)
            : throw new MalformedFrameException("A list of entries stands for more entries than there are ids.");
    }

    /// <summary>Runs of ids at equal distances: <paramref name="Size"/> of them from each of first, first + period … last on.</summary>
    /// <param name="First">Where the first run begins.</param>
    /// <param name="Last">Where the last run begins.</param>
    /// <param name="Size">The length of each run.</param>
    /// <param name="Period">The distance between the beginnings; 0 if there is one run.</param>
    internal readonly record struct Group(long First, long Last, int Size, int Period)
    {
        public long Count => (Period == 0 ? 1 : (Last - First) / Period + 1) * Size;

        public bool Contains(long entry) => entry >= First
            && (Period == 0 ? entry - First < Size : entry - Last < Size && (entry - First) % Period < Size);

        public static Group Read(ReadOnlySpan<byte> bytes)
        {
            var group = new Group(
                BinaryPrimitives.ReadInt64BigEndian(bytes),
                BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
                BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
                BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
            return group.IsSound ? group : throw new MalformedFrameException($"A list of entries contains {group}.");
        }

        private bool IsSound => First >= 0 && Last >= First && Size > 0 && Last <= long.MaxValue - Size
            && (Period == 0 ? Last == First : Period >= Size && (Last - First) % Period == 0);
    }
}

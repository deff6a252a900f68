using System.Buffers.Binary;

namespace Daybook.Bookie.Serving;

/// <summary>Writes the list of entries that a bookie holds, in the format of <see cref="Daybook.BookKeeper.Wire.EntryListing"/>.</summary>
internal static class EntryListingWriter
{
    private const int HeaderSize = 64;
    private const int GroupSize = 24;

    /// <param name="entries">Ascending.</param>
    public static byte[] Encode(IEnumerable<long> entries)
    {
        var groups = new List<Group>();
        foreach (var run in Runs(entries))
        {
            if (groups.Count > 0 && groups[^1].TryAdd(run) is { } longer)
                groups[^1] = longer;
            else
                groups.Add(new Group(run.First, run.First, run.Size, 0));
        }
        var bytes = new byte[HeaderSize + groups.Count * GroupSize];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), groups.Count);
        for (var i = 0; i < groups.Count; i++)
            groups[i].Write(bytes.AsSpan(HeaderSize + i * GroupSize));
        return bytes;
    }

    private static IEnumerable<(long First, int Size)> Runs(IEnumerable<long> entries)
    {
        var (first, size) = (-1L, 0);
        foreach (var entry in entries)
        {
            if (size > 0 && (entry != first + size || size == int.MaxValue))
            {
                yield return (first, size);
                size = 0;
            }
            first = size == 0 ? entry : first;
            size++;
        }
        if (size > 0)
            yield return (first, size);
    }

    private readonly record struct Group(long First, long Last, int Size, int Period)
    {
        /// <summary>The group extended by one run, if the run has the same size and distance.</summary>
        public Group? TryAdd((long First, int Size) run)
        {
            var distance = run.First - Last;
            return run.Size == Size && distance <= int.MaxValue && (Period == 0 || distance == Period)
                ? this with { Last = run.First, Period = (int)distance }
                : null;
        }

        public void Write(Span<byte> destination)
        {
            BinaryPrimitives.WriteInt64BigEndian(destination, First);
            BinaryPrimitives.WriteInt64BigEndian(destination[8..], Last);
            BinaryPrimitives.WriteInt32BigEndian(destination[16..], Size);
            BinaryPrimitives.WriteInt32BigEndian(destination[20..], Period);
        }
    }
}

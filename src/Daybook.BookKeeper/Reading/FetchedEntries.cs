namespace Daybook.BookKeeper.Reading;

/// <summary>Consecutive entries as bookies gave them, not yet checked; there may be fewer than were asked for.</summary>
/// <param name="Entries">As stored. Empty where a bookie did not give one.</param>
/// <param name="Sources">Their sources: one bookie for all, or one for each.</param>
internal readonly record struct FetchedEntries(IReadOnlyList<ReadOnlyMemory<byte>> Entries, BookieId[] Sources)
{
    public static FetchedEntries None => new([], []);

    /// <summary>What they take.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            for (var i = 0; i < Entries.Count; i++)
                bytes += Entries[i].Length;
            return bytes;
        }
    }

    public BookieId SourceOf(int index) => Sources[Sources.Length == 1 ? 0 : index];
}

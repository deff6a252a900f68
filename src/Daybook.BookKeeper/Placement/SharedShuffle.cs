namespace Daybook.BookKeeper.Placement;

/// <summary>Shuffles for many threads, which a <see cref="Random"/> with a seed does not bear.</summary>
internal sealed class SharedShuffle(Random random)
{
    private readonly Lock _lock = new();

    /// <summary>The same bookies in a random order.</summary>
    public BookieId[] Of(IReadOnlyList<BookieId> bookies)
    {
        BookieId[] shuffled = [.. bookies];
        lock (_lock)
            random.Shuffle(shuffled);
        return shuffled;
    }
}

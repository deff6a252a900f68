namespace Daybook.BookKeeper.Quorums;

/// <summary>Positions in an ensemble, from the first on and round the end: entry e is at (e + i) mod E, i = 0 … Qw − 1.</summary>
/// <param name="First">e mod E.</param>
/// <param name="Count">Qw.</param>
/// <param name="Ensemble">E.</param>
internal readonly record struct WriteSet(int First, int Count, int Ensemble)
{
    /// <summary>The position of a copy.</summary>
    public int this[int copy] => (uint)copy < (uint)Count
        ? (First + copy) % Ensemble
        : throw new ArgumentOutOfRangeException(nameof(copy), copy, $"There are {Count} copies.");

    /// <summary>Which copy is at a position; −1 when none is.</summary>
    public int CopyAt(int position)
    {
        if ((uint)position >= (uint)Ensemble)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"The ensemble has {Ensemble} positions.");
        var copy = (position - First + Ensemble) % Ensemble;
        return copy < Count ? copy : -1;
    }
}

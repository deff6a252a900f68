namespace Daybook.BookKeeper.Quorums;

/// <summary>
/// Whether enough bookies of an ensemble have answered that no entry can have been acknowledged without one of them: of the Qw positions from
/// any one on, fewer than Qa are unknown. Decides when fencing and reading the LAC are done.
/// </summary>
internal sealed class EnsembleCoverage(QuorumSizes sizes)
{
    private readonly bool[] _known = new bool[sizes.Ensemble];
    private readonly bool[] _failed = new bool[sizes.Ensemble];

    /// <summary>True once the answers cover every possible ack quorum.</summary>
    public bool IsCovered => Covers(_known, expected: true);

    /// <summary>True once so few bookies are left that their answers cannot cover.</summary>
    public bool IsImpossible => !Covers(_failed, expected: false);

    /// <summary>A bookie answered: with an entry, or that it has none or has never seen the ledger.</summary>
    public void Know(int position) => (_known[position], _failed[position]) = (true, false);

    /// <summary>A bookie gave no answer, or an error that reveals nothing about what it has. An answer that it gave before stays good.</summary>
    public void Fail(int position) => _failed[position] = !_known[position];

    private bool Covers(bool[] marks, bool expected)
    {
        for (var first = 0; first < sizes.Ensemble; first++)
        {
            var unknown = 0;
            for (var copy = 0; copy < sizes.Write; copy++)
                unknown += marks[(first + copy) % sizes.Ensemble] == expected ? 0 : 1;
            if (unknown >= sizes.Ack)
                return false;
        }
        return true;
    }
}

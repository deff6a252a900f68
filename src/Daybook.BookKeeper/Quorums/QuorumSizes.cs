namespace Daybook.BookKeeper.Quorums;

/// <summary>How many bookies a ledger uses.</summary>
/// <param name="Ensemble">Over how many bookies entries are striped (E).</param>
/// <param name="Write">To how many of them each entry is written (Qw).</param>
/// <param name="Ack">How many must have an entry before it is acknowledged (Qa).</param>
internal readonly record struct QuorumSizes(int Ensemble, int Write, int Ack)
{
    /// <summary>The largest write quorum; what an entry has been answered is kept in one word.</summary>
    public const int MaxWrite = 64;

    /// <summary>What is wrong with the sizes, or null.</summary>
    public string? Problem => this switch
    {
        { Ack: < 1 } => $"an ack quorum of {Ack} acknowledges nothing",
        _ when Ack > Write => $"the ack quorum of {Ack} is larger than the write quorum of {Write}",
        _ when Write > Ensemble => $"the write quorum of {Write} is larger than the ensemble of {Ensemble}",
        { Write: > MaxWrite } => $"the write quorum of {Write} is larger than {MaxWrite}",
        _ => null,
    };

    /// <summary>How many bookies must deny an entry before it is absent: enough that no ack quorum can have it (invariant L7).</summary>
    public int Negatives => Write - Ack + 1;

    /// <summary>How many bookies of an ensemble must have nothing new before a long poll believes it.</summary>
    public int NoNews => Ensemble - Ack + 1;

    /// <summary>The positions in the ensemble that hold an entry.</summary>
    public WriteSet WriteSetOf(EntryId entry) => new((int)(entry.Value % Ensemble), Write, Ensemble);
}

namespace Daybook.Core.Tests.Simulation;

/// <summary>What a simulation is like, beside its seed.</summary>
/// <param name="Ordered">The store keeps one order across ledgers.</param>
/// <param name="Reliable">Messages between partitions arrive once and in order, as within a process; else they are lost, doubled, reordered.</param>
public sealed record SimulationSettings(bool Ordered, bool Reliable)
{
    public int Partitions { get; init; } = 3;

    public int Clients { get; init; } = 4;

    /// <summary>How much each client does.</summary>
    public int Intents { get; init; } = 10;

    /// <summary>The share of what is done with lists that is a look at one state, without a command.</summary>
    public double PlainReads { get; init; } = 0.15;

    /// <summary>False when nothing breaks.</summary>
    public bool HasFaults { get; init; } = true;

    /// <summary>How much of what is done is about tills; the rest is about lists.</summary>
    public double Tills { get; init; } = 0.33;

    public SeededBug Bug { get; init; }
}

/// <summary>What happened in a simulation, so that a test can prove that it covered something.</summary>
public sealed class SimulationCount
{
    public int Steps { get; set; }

    public int Answered { get; set; }

    public int Duplicates { get; set; }

    public int InDoubt { get; set; }

    public int Crashes { get; set; }

    public int Takeovers { get; set; }

    public int FromRecoveryPoint { get; set; }

    public int Rolls { get; set; }

    public int Transactions { get; set; }

    public void Add(SimulationCount other)
    {
        Steps += other.Steps;
        Answered += other.Answered;
        Duplicates += other.Duplicates;
        InDoubt += other.InDoubt;
        Crashes += other.Crashes;
        Takeovers += other.Takeovers;
        FromRecoveryPoint += other.FromRecoveryPoint;
        Rolls += other.Rolls;
        Transactions += other.Transactions;
    }

    public override string ToString() =>
        $"{Steps} steps, {Answered} answers, {Duplicates} from records, {InDoubt} in doubt, {Transactions} decisions, {Crashes} crashes, " +
        $"{Takeovers} takeovers, {FromRecoveryPoint} of them from recovery points, {Rolls} rolls";
}

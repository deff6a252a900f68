namespace Daybook.Projections;

/// <summary>What the driver of a projection has to do next.</summary>
internal enum RunnerAct
{
    /// <summary>Claim the partition and read the checkpoint; answer <see cref="RunnerInput.Started"/>.</summary>
    Start,

    /// <summary>Read the feed from the offset and decode; answer <see cref="RunnerInput.BatchRead"/>.</summary>
    Read,

    /// <summary>Apply the batch that was read, up to before the offset; answer <see cref="RunnerInput.Applied"/>.</summary>
    Apply,

    /// <summary>Notify the sink that the partition has caught up; answer <see cref="RunnerInput.CaughtUpTold"/>.</summary>
    TellCaughtUp,

    /// <summary>Wait for the pause; answer <see cref="RunnerInput.Paused"/>.</summary>
    Pause,

    /// <summary>Wait for a person; answer <see cref="RunnerInput.Resumed"/>.</summary>
    Park,

    /// <summary>End.</summary>
    Stop,
}

/// <summary>An act with its operand.</summary>
internal readonly record struct RunnerStep(RunnerAct Act, JournalOffset Offset = default, TimeSpan Pause = default);

/// <summary>What happened, as the driver reports it to the machine.</summary>
internal abstract record RunnerInput
{
    /// <param name="Checkpoint">The offset of the first record not yet applied.</param>
    /// <param name="Head">The end of the journal.</param>
    /// <param name="Skipped">How many events the sink has recorded as skipped.</param>
    internal sealed record Started(JournalOffset Checkpoint, JournalOffset Head, int Skipped = 0) : RunnerInput;

    /// <param name="Next">The offset after the batch.</param>
    /// <param name="Head">The head as it was before the batch was asked for.</param>
    /// <param name="Poison">The first event that could not be decoded; null when all could.</param>
    internal sealed record BatchRead(JournalOffset Next, JournalOffset Head, PoisonEventException? Poison) : RunnerInput;

    internal sealed record Applied : RunnerInput;

    internal sealed record CaughtUpTold : RunnerInput;

    internal sealed record Paused : RunnerInput;

    internal sealed record Resumed(bool Skip) : RunnerInput;

    /// <param name="Error">What the act failed with.</param>
    /// <param name="Jitter">A random number from 0 to below 1.</param>
    internal sealed record Failed(Exception Error, double Jitter) : RunnerInput;
}

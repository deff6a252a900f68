namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>The bugs that can be seeded in a <see cref="RegisterWorkload"/>.</summary>
public enum RegisterFault
{
    None,

    /// <summary>A read may see the value of some time ago.</summary>
    StaleRead,

    /// <summary>A write that was answered may not take effect.</summary>
    LostWrite,

    /// <summary>A write is answered before it takes effect.</summary>
    EarlyReply,

    /// <summary>A compare-and-set compares first and sets some time later.</summary>
    TornCompareAndSet,

    /// <summary>A write that was answered is applied again later.</summary>
    DoubleApply,

    /// <summary>A write that was reported as failed takes effect.</summary>
    AppliedFailure,
}

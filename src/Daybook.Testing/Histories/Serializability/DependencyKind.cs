namespace Daybook.Testing.Histories.Serializability;

/// <summary>Why one transaction must come before another.</summary>
[Flags]
public enum DependencyKind
{
    /// <summary>No reason.</summary>
    None = 0,

    /// <summary>ww: the other appended to the same list later.</summary>
    WriteWrite = 1,

    /// <summary>wr: the other saw what this one appended.</summary>
    WriteRead = 2,

    /// <summary>rw: this one did not see what the other appended.</summary>
    ReadWrite = 4,

    /// <summary>The same process invoked the other after this one had completed.</summary>
    Process = 8,

    /// <summary>The other was invoked after this one had completed.</summary>
    RealTime = 16,
}

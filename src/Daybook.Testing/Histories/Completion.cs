namespace Daybook.Testing.Histories;

/// <summary>What the caller knows about an operation it invoked.</summary>
public enum Completion
{
    /// <summary>Nothing: it may have taken effect, may do so at any later time, or never.</summary>
    Info,

    /// <summary>It took effect between invocation and completion and answered.</summary>
    Ok,

    /// <summary>It did not happen and never will.</summary>
    Fail,
}

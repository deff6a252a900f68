namespace Daybook;

/// <summary>Which way a stream is read.</summary>
public enum ReadDirection
{
    /// <summary>From older to newer.</summary>
    Forwards,

    /// <summary>From newer to older.</summary>
    Backwards,
}

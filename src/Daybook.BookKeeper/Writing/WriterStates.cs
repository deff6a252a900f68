namespace Daybook.BookKeeper.Writing;

/// <summary>Where a writer is in its life; it only moves down, but for a close that could not reach ZooKeeper and may be tried again.</summary>
internal enum WriterState
{
    Writing,

    /// <summary>Everything is acknowledged, and the closing compare-and-set is under way.</summary>
    Closing,

    /// <summary>Fenced, or short of bookies; only the reason is still being looked up.</summary>
    Dying,

    /// <summary>Failed for good.</summary>
    Dead,

    /// <summary>Closed, by this writer or by another at the same entry.</summary>
    Closed,
}

/// <summary>How far a change of the ensemble is.</summary>
internal enum ChangeState
{
    None,

    /// <summary>Replacements are looked for. Metadata are as they were, and so is what is acknowledged.</summary>
    Choosing,

    /// <summary>The compare-and-set is under way: nothing is acknowledged until it is known what came of it.</summary>
    Writing,
}

using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Placement;

/// <summary>Which bookies there are, kept up to date. Safe for many threads.</summary>
internal interface IBookieDirectory
{
    /// <summary>The bookies that take writes, in ordinal order.</summary>
    IReadOnlyList<BookieRegistration> Writable { get; }

    /// <summary>The bookies that only serve reads, in ordinal order.</summary>
    IReadOnlyList<BookieRegistration> ReadOnly { get; }

    /// <summary>Where a bookie listens; also of one that is registered no more, as far as its name contains it. Null when unknown.</summary>
    (string Host, int Port)? AddressOf(BookieId bookie);

    /// <summary>Completes when a list has changed since this was asked for.</summary>
    Task Changed { get; }
}

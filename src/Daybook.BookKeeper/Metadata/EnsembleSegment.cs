using System.Collections.Immutable;

namespace Daybook.BookKeeper.Metadata;

/// <summary>The bookies that hold the entries from one on, up to the next segment.</summary>
/// <param name="First">The first entry.</param>
/// <param name="Bookies">As many as the ensemble has positions; the order is what striping goes by.</param>
internal sealed record EnsembleSegment(EntryId First, ImmutableArray<BookieId> Bookies);

using Daybook.Embedded.Store.Format;
using Daybook.Embedded.Store.Log;

namespace Daybook.Embedded.Store;

/// <summary>What is found when a store is opened.</summary>
internal sealed record RecoveredStore(
    LedgerCatalogue Catalogue, IReadOnlyDictionary<LedgerId, LedgerState> Ledgers, SegmentTable Segments, ActiveSegment Active);

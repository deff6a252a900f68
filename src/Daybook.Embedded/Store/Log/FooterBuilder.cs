using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store.Log;

/// <summary>Turns the positions kept in memory for a segment into its footer.</summary>
internal static class FooterBuilder
{
    public static byte[] Build(IReadOnlyList<(LedgerId Ledger, LedgerExtent Extent)> extents, long footerOffset) =>
        SegmentFooter.ToBytes(
            [.. extents.Select(pair => (
                new FooterExtent(pair.Ledger.Value, pair.Extent.First, pair.Extent.Count, 0, pair.Extent.Bytes),
                pair.Extent.Positions!.All()))],
            footerOffset);

    /// <summary>Lets readers find the positions in the file, now that it is durable, instead of in memory.</summary>
    public static void Seal(IReadOnlyList<(LedgerId Ledger, LedgerExtent Extent)> extents, byte[] footer, long footerOffset)
    {
        var written = SegmentFooter.TryRead(footer)!;
        for (var i = 0; i < extents.Count; i++)
            extents[i].Extent.SealAt(footerOffset + RecordHeader.Size + written[i].Table);
    }
}

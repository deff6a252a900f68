using Daybook.Ledgers;

namespace Daybook.Bookie.Storage;

/// <summary>A log ledger: how much is in it, and how much of that is still of use.</summary>
internal sealed class LogInfo(LedgerId id, ILedgerReader reader)
{
    public LedgerId Id => id;

    public ILedgerReader Reader => reader;

    /// <summary>Blocks that were given to the store.</summary>
    public int Blocks { get; set; }

    /// <summary>Bytes of these blocks.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes of the records of entries that exist and are not superseded.</summary>
    public long LiveBytes { get; set; }

    /// <summary>Nothing will be added to it.</summary>
    public bool IsClosed { get; set; }
}

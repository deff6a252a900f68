using Daybook.Ledgers;

namespace Daybook.Bookie.Storage;

/// <summary>A log ledger: its size, and how much of it is still live.</summary>
internal sealed class LogInfo(LedgerId id, ILedgerReader reader)
{
    public LedgerId Id => id;

    public ILedgerReader Reader => reader;

    /// <summary>Blocks passed to the store.</summary>
    public int Blocks { get; set; }

    /// <summary>Bytes of these blocks.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes of the records of entries that exist and are not superseded.</summary>
    public long LiveBytes { get; set; }

    /// <summary>Whether it is complete: nothing is appended to it any more.</summary>
    public bool IsClosed { get; set; }
}

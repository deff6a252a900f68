namespace Daybook.BookKeeper;

/// <summary>How entries of a ledger are protected against damage. Chosen when a ledger is created; the numbers are those of its metadata.</summary>
public enum DigestType
{
    /// <summary>CRC-32 as in zlib: 8 bytes an entry, the upper four zero.</summary>
    Crc32 = 1,

    /// <summary>HMAC-SHA1 keyed by the ledger's password: 20 bytes an entry. The only one that also protects against forgery. Java calls it <c>MAC</c>.</summary>
    Hmac = 2,

    /// <summary>CRC-32C, computed by the processor: 4 bytes an entry. The choice for new ledgers.</summary>
    Crc32C = 3,

    /// <summary>None: damage is not noticed.</summary>
    Dummy = 4,
}

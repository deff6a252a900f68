namespace Daybook.Embedded.Store.Format;

/// <summary>The kind of a record of the log. The numbers are in the files.</summary>
internal enum RecordKind : uint
{
    /// <summary>First record of a segment: every ledger that exists, as of here.</summary>
    Catalogue = 1,

    /// <summary>A ledger was created.</summary>
    Created = 2,

    /// <summary>An entry of a ledger.</summary>
    Entry = 3,

    /// <summary>A ledger was taken from its writer.</summary>
    Fenced = 4,

    /// <summary>A ledger ends at the entry named.</summary>
    Closed = 5,

    /// <summary>A ledger is gone.</summary>
    Deleted = 6,

    /// <summary>Last record of a sealed segment: where its entries are.</summary>
    Footer = 7,

    /// <summary>Records only how far the log is durable; written on a clean end.</summary>
    Mark = 8,
}

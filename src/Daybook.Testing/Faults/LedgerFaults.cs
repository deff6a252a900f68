namespace Daybook.Testing.Faults;

internal enum HoldMode
{
    None,
    Acknowledgements,
    Writes,
}

internal enum AppendFailure
{
    None,
    NotWritten,
    Written,
}

/// <summary>What a test has ordered for one ledger, or for all.</summary>
internal sealed class LedgerFaults
{
    public HoldMode Holds { get; set; }

    public AppendFailure Failure { get; set; }
}

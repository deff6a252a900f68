namespace Daybook.Embedded.Store;

/// <summary>How an <see cref="EmbeddedLedgerStore"/> lays out its log.</summary>
public sealed record EmbeddedLedgerStoreOptions
{
    /// <summary>Space reserved for each segment file, in bytes. Default 64 MiB; from 64 KiB to 1 GiB.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The largest entry, in bytes. Default 8 MiB; at most a quarter of <see cref="SegmentBytes"/>.</summary>
    public int MaxEntryBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>A sealed segment whose live share falls below this is rewritten without what is dead. Default 0.5; 0 never rewrites, and a segment with
    /// nothing live is removed in any case.</summary>
    public double CompactBelow { get; init; } = 0.5;

    /// <summary>Checks the options.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>, naming the option.</exception>
    public void Validate()
    {
        Check(SegmentBytes is >= 64 * 1024 and <= 1024 * 1024 * 1024, nameof(SegmentBytes), SegmentBytes, "from 64 KiB to 1 GiB");
        Check(MaxEntryBytes >= 1 && MaxEntryBytes <= SegmentBytes / 4, nameof(MaxEntryBytes), MaxEntryBytes, "from 1 to a quarter of SegmentBytes");
        Check(CompactBelow is >= 0 and < 1, nameof(CompactBelow), CompactBelow, "from 0 to below 1");
    }

    private static void Check(bool holds, string option, object value, string range)
    {
        if (!holds)
            throw new DaybookException(
                ErrorCode.InvalidArgument, $"{nameof(EmbeddedLedgerStoreOptions)}.{option} is {value}; it must be {range}.");
    }
}

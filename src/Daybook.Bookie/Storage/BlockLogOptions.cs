namespace Daybook.Bookie.Storage;

/// <summary>The layout and the limits of the block log.</summary>
internal sealed record BlockLogOptions
{
    /// <summary>The size in bytes at which the next log ledger is started.</summary>
    public long LogBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The maximum number of adds that wait for the device.</summary>
    public int MaxWaitingAdds { get; init; } = 10_000;

    /// <summary>The maximum bytes of adds that wait for the device.</summary>
    public long MaxWaitingBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>The maximum bytes of blocks kept in memory for later reads.</summary>
    public long CacheBytes { get; init; } = 64L * 1024 * 1024;
}

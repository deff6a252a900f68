namespace Daybook.Bookie.Storage;

/// <summary>How the log of blocks is laid out and limited.</summary>
internal sealed record BlockLogOptions
{
    /// <summary>A log ledger is followed by the next one when it has as many bytes.</summary>
    public long LogBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Adds that may wait for the device.</summary>
    public int MaxWaitingAdds { get; init; } = 10_000;

    /// <summary>Bytes of them.</summary>
    public long MaxWaitingBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Bytes of blocks that are kept in memory to be read again.</summary>
    public long CacheBytes { get; init; } = 64L * 1024 * 1024;
}

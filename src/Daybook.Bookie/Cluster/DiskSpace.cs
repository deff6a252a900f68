namespace Daybook.Bookie.Cluster;

/// <summary>Watches the space on the disk of a folder, so that the bookie stops taking writes before the disk is full.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="minFree">Writes are refused when fewer bytes are free; null for 1 GiB or 2 % of the disk, whichever is less.</param>
internal sealed class DiskSpace(string folder, long? minFree)
{
    private const long DefaultMinFree = 1L << 30;
    private const int DefaultShare = 50;

    private bool _isLow;

    /// <summary>Total and free bytes.</summary>
    public (long Total, long Free) Read()
    {
        var drive = new DriveInfo(folder);
        return (drive.TotalSize, drive.AvailableFreeSpace);
    }

    /// <summary>Whether free space is too low; it recovers only when a fifth more than the limit is free.</summary>
    public bool IsLow() => IsLow(Read());

    internal bool IsLow((long Total, long Free) disk)
    {
        var limit = minFree ?? Math.Min(DefaultMinFree, disk.Total / DefaultShare);
        return _isLow = disk.Free < (_isLow ? limit + limit / 5 : limit);
    }
}

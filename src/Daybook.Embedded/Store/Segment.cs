using Daybook.Embedded.Store.Format;
using Daybook.Files;

namespace Daybook.Embedded.Store;

/// <summary>A segment file, open for reading as long as somebody uses it.</summary>
internal sealed class Segment(SegmentIdentity identity, string path, IFile file)
{
    private int _users = 1;

    public SegmentIdentity Identity => identity;

    public long Number => identity.Number;

    public string Path => path;

    public IFile File => file;

    /// <summary>What its records take, dead or alive, without the footer; known once the segment is sealed.</summary>
    public long TotalBytes { get; set; }

    /// <summary>What entries of ledgers that exist take. Guarded by the lock of <see cref="SegmentTable"/>.</summary>
    public long LiveBytes { get; set; }

    /// <summary>Keeps the file open until <see cref="Release"/>; false once it has been replaced or removed.</summary>
    public bool TryAcquire()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        return false;
    }

    /// <summary>Ends one use; the first one is that of the store.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            file.Dispose();
    }
}

using Daybook.Files;

namespace Daybook.Bookie.Tests.Probes;

/// <summary>Files whose syncs wait while the test holds them: written bytes are not durable, and no answer may claim that they are.</summary>
internal sealed class HeldSyncs(IFileSystem files) : IFileSystem
{
    private readonly ManualResetEventSlim _open = new(true);

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    public IFile Open(string path, bool create) => new HeldFile(files.Open(path, create), _open);

    public IFile OpenRead(string path) => files.OpenRead(path);

    public IFolderLock Lock(string path) => files.Lock(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public IReadOnlyList<string> List(string path) => files.List(path);

    public bool Exists(string path) => files.Exists(path);

    public void Delete(string path) => files.Delete(path);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    private sealed class HeldFile(IFile file, ManualResetEventSlim open) : IFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> destination) => file.Read(offset, destination);

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => file.Write(offset, buffers);

        public void Allocate(long length) => file.Allocate(length);

        public void SetLength(long length) => file.SetLength(length);

        public void Sync()
        {
            open.Wait();
            file.Sync();
        }

        public void Dispose() => file.Dispose();
    }
}

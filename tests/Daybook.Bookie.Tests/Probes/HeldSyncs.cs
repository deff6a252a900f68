using Daybook.Files;
using Daybook.Servers.Files;

namespace Daybook.Bookie.Tests.Probes;

/// <summary>Files whose syncs wait while the test holds them: written bytes are not durable, and no answer may claim that they
/// are.</summary>
internal sealed class HeldSyncs(IFileSystem files) : FileSystemDecorator(files)
{
    private readonly ManualResetEventSlim _open = new(true);

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    public override IFile Open(string path, bool create) => new HeldFile(base.Open(path, create), _open);

    private sealed class HeldFile(IFile file, ManualResetEventSlim open) : FileDecorator(file)
    {
        public override void Sync()
        {
            open.Wait();
            base.Sync();
        }
    }
}

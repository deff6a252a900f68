using Daybook.Files;

namespace Daybook.Testing.Faults;

/// <summary>A <see cref="SimulatedFileSystem"/> as one process has it: after the machine or the process has stopped, it does nothing any
/// more.</summary>
internal sealed class SimulatedLife(SimulatedFileSystem files, int life) : IFileSystem
{
    public IFile Open(string path, bool create) => files.During(life, () => files.Open(path, create));

    public IFile OpenRead(string path) => files.During(life, () => files.OpenRead(path));

    public IFolderLock Lock(string path) => files.During(life, () => files.Lock(path));

    public void CreateDirectory(string path) => Run(() => files.CreateDirectory(path));

    public IReadOnlyList<string> List(string path) => files.During(life, () => files.List(path));

    public bool Exists(string path) => files.During(life, () => files.Exists(path));

    public void Delete(string path) => Run(() => files.Delete(path));

    public void Rename(string from, string to) => Run(() => files.Rename(from, to));

    public void SyncDirectory(string path) => Run(() => files.SyncDirectory(path));

    private void Run(Action action) => files.During(life, () =>
    {
        action();
        return true;
    });
}

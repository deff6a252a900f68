namespace Daybook.Servers.Processes;

/// <summary>A lock between processes: a file opened exclusively. It ends with the process that holds it.</summary>
internal static class FileLock
{
    internal static async Task<IDisposable> AcquireAsync(string path)
    {
        while (true)
        {
            if (TryAcquire(path) is { } held)
                return held;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    internal static IDisposable? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

namespace Daybook.Embedded.Files;

/// <summary>
/// A folder that this process may have to wait for. One that was in use and is gone afterwards, because it was moved or unmounted, is not
/// taken for a place to begin an empty book: its owner may still write to it.
/// </summary>
internal sealed class AwaitedFolder(string path)
{
    private readonly string _format = Path.Combine(path, DataFolder.FormatFile);
    private bool _held;

    /// <summary>Opens what the folder holds.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Unavailable"/> when the folder is gone; otherwise as
    /// <paramref name="open"/>.</exception>
    public async ValueTask<T> OpenAsync<T>(Func<string, Task<T>> open)
    {
        if (_held && !File.Exists(_format))
            throw new DaybookException(ErrorCode.Unavailable,
                $"Folder '{path}' held a book while this process waited for it, and the book is gone. Mount or restore the folder. " +
                "To begin an empty book there, start this process again.");
        try
        {
            return await open(path).ConfigureAwait(false);
        }
        catch (DaybookException inUse) when (inUse.Code == ErrorCode.AlreadyInUse)
        {
            _held |= File.Exists(_format);
            throw;
        }
    }
}

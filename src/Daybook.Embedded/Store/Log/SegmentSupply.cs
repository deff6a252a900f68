using Daybook.Files;

namespace Daybook.Embedded.Store.Log;

/// <summary>Makes the next segment file ready before it is needed, so that the log does not wait for its reservation.</summary>
/// <param name="files">Where the files are.</param>
/// <param name="bytes">Of a segment.</param>
/// <param name="ahead">False makes each file only when it is taken.</param>
internal sealed class SegmentSupply(SegmentFiles files, long bytes, bool ahead) : IDisposable
{
    private Task<IFile>? _ready;
    private long _number;

    /// <summary>Begins to make a file ready; a second call for it does nothing.</summary>
    public void Prepare(long number)
    {
        if (!ahead || _number == number)
            return;
        _number = number;
        _ready = Task.Run(() => files.Create(number, bytes));
    }

    /// <summary>A file of zeros that is durable with its name.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public IFile Take(long number)
    {
        var ready = number == _number ? _ready : null;
        _ready = null;
        return Result(ready) ?? files.Create(number, bytes);
    }

    /// <summary>Removes a file that was not needed; one that cannot be is dropped when the store is opened.</summary>
    public void Dispose()
    {
        if (Result(_ready) is not { } unused)
            return;
        unused.Dispose();
        try
        {
            files.Remove(_number);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Null where there is none or the preparation failed: the caller that needs the file tries again and meets the error
    /// itself.</summary>
    private static IFile? Result(Task<IFile>? ready)
    {
        try
        {
            return ready?.GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
